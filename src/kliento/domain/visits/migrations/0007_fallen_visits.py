"""The few visits that count no more are found without reading the others."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("visits", "0006_leavers_of_month")]

    operations = [
        AddIndexInUse(
            model_name="visit",
            index=models.Index(
                fields=["third_party_id", "id"],
                condition=Q(cancelled_at__isnull=False) | Q(overruled_at__isnull=False),
                name="visits_visit_fallen",
            ),
        ),
    ]
