"""Counting by day and premises reads the index alone; it begins as the one it takes the place of."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse, RemoveIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("visits", "0002_disputes")]

    operations = [
        AddIndexInUse(
            model_name="visit",
            index=models.Index(
                fields=["third_party_id", "occurred_at", "id", "premises_id", "relationship_id"],
                name="visits_visit_counted",
            ),
        ),
        RemoveIndexInUse(model_name="visit", name="visits_visit_third_party"),
    ]
