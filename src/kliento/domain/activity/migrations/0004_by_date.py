"""Activity is read by when things happened: what a till without a network tells late stands at its own date."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse, RemoveIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("activity", "0003_no_replacing")]

    operations = [
        AddIndexInUse(
            model_name="entry",
            index=models.Index(fields=["subject_id", "-at", "-seq"], name="activity_entry_dated"),
        ),
        AddIndexInUse(
            model_name="entry",
            index=models.Index(
                fields=["subject_id", "recipient_id", "-at", "-seq"], name="activity_entry_recipient_dated"
            ),
        ),
        RemoveIndexInUse(model_name="entry", name="activity_entry_subject"),
        RemoveIndexInUse(model_name="entry", name="activity_entry_recipient"),
    ]
