"""What a third party has just confirmed is found again, so that it can take back a slip."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sharing", "0004_continues_as")]

    operations = [
        AddIndexInUse(
            model_name="deletionnotice",
            index=models.Index(
                fields=["third_party", "confirmed_at"],
                condition=Q(confirmed_at__isnull=False),
                name="sharing_notice_confirmed",
            ),
        ),
    ]
