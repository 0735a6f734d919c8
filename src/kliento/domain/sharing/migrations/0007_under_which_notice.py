"""A choice to share names the notice it was made under. Safe while the previous version runs: it says 0, by its time.

0008 names it for default sets, which bear no time: the one in force when Activity says that they were chosen.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0006_continued"),
        ("policy", "0002_published_notices"),
        ("activity", "0006_in_order_of_transactions"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="notice_number",
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AddField(model_name="grant", name="outdated_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="defaultfield",
            name="notice_number",
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.AlterField(
            model_name="deletionnotice",
            name="reason",
            field=models.CharField(
                choices=[
                    ("ended", "Ended"),
                    ("removed", "Removed"),
                    ("hidden", "Hidden"),
                    ("ran_out", "Ran Out"),
                    ("stopped", "Stopped"),
                    ("card_out_of_use", "Card Out Of Use"),
                    ("account_closed", "Account Closed"),
                    ("outdated", "Outdated"),
                ],
                max_length=20,
            ),
        ),
    ]
