"""Who was on duty at a till, from when until when: for what it hands in late."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipients", "0010_suspended"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftAtTill",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recipients.operator"
                    ),
                ),
                (
                    "terminal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="recipients.terminal"
                    ),
                ),
            ],
            options={
                "db_table": "recipients_shift",
                "indexes": [models.Index(fields=["ended_at"], name="recipients_shift_ended")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("terminal",),
                        name="recipients_shift_one_at_a_time",
                    )
                ],
            },
        ),
    ]
