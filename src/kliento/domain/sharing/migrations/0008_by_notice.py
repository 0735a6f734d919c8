"""An index of the choices to share that nobody has been told of, by the notice they were made under."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sharing", "0007_under_which_notice")]

    operations = [
        AddIndexInUse(
            model_name="grant",
            index=models.Index(
                fields=["purpose", "notice_number"],
                condition=Q(ended_at__isnull=True, outdated_at__isnull=True),
                name="sharing_grant_by_notice",
            ),
        ),
    ]
