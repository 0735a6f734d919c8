"""Relationships pause, third parties are told to delete their copies, people choose what a first visit shares."""

import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0002_roles_purposes_acts"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DefaultField",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("field", models.CharField(max_length=60)),
            ],
            options={
                "db_table": "sharing_default",
            },
        ),
        migrations.CreateModel(
            name="DeletionNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ended", "Ended"),
                            ("removed", "Removed"),
                            ("hidden", "Hidden"),
                            ("ran_out", "Ran Out"),
                            ("stopped", "Stopped"),
                            ("card_out_of_use", "Card Out Of Use"),
                            ("account_closed", "Account Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "sharing_deletion_notice",
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="relationship",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("expires_at__isnull", False)),
                fields=["expires_at"],
                name="sharing_grant_expiring",
            ),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["third_party", "-since_at", "-id"], name="sharing_relationship_newest"),
        ),
        migrations.AddConstraint(
            model_name="defaultfield",
            constraint=models.UniqueConstraint(fields=("subject_id", "field"), name="sharing_default_one_for_each"),
        ),
        migrations.AddField(
            model_name="deletionnotice",
            name="relationship",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="sharing.relationship"
            ),
        ),
        migrations.AddField(
            model_name="deletionnotice",
            name="third_party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recipients.thirdparty"
            ),
        ),
        migrations.AddIndex(
            model_name="deletionnotice",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", True)),
                fields=["third_party", "-made_at", "-id"],
                name="sharing_notice_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="deletionnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", True)),
                fields=("relationship", "field"),
                name="sharing_notice_one_open",
            ),
        ),
    ]
