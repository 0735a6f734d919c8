"""An index of the people the use of whose data is restricted: few, and asked for with every block list."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0001_initial")]

    operations = [
        AddIndexInUse(
            model_name="person",
            index=models.Index(
                condition=models.Q(("state", "restricted")), fields=["id"], name="people_person_restricted"
            ),
        ),
    ]
