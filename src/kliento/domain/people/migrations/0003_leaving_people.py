"""An index of the people who are leaving: few, and left out of every list of a third party's members and visits."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0002_restricted_people")]

    operations = [
        AddIndexInUse(
            model_name="person",
            index=models.Index(condition=models.Q(("state", "erasing")), fields=["id"], name="people_person_erasing"),
        ),
    ]
