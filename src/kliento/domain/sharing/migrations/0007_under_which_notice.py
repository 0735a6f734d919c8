"""A choice to share names the notice it was made under. Safe while the previous version runs: its choices name the first.

What stands already names the one that was in force when it was chosen.
"""

from django.db import migrations, models

_NAMED = """
    UPDATE sharing_grant
    SET notice_number = (SELECT MAX(number) FROM policy_notice WHERE published_at <= sharing_grant.granted_at)
    WHERE ended_at IS NULL
      AND granted_at >= (SELECT MIN(published_at) FROM policy_notice WHERE number > 1)
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_continued"), ("policy", "0002_published_notices")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="notice_number",
            field=models.PositiveIntegerField(db_default=1),
        ),
        migrations.AddField(model_name="grant", name="outdated_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="defaultfield",
            name="notice_number",
            field=models.PositiveIntegerField(db_default=1),
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
        migrations.RunSQL(_NAMED, migrations.RunSQL.noop),
    ]
