"""What somebody's data was asked for by one recipient is found without reading the rest of their log."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("activity", "0001_initial")]

    operations = [
        AddIndexInUse(
            model_name="entry",
            index=models.Index(fields=["subject_id", "recipient_id", "-seq"], name="activity_entry_recipient"),
        ),
    ]
