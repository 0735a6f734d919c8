"""How far the log was followed, what was told, and who wants letters."""

from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("next_index", models.BigIntegerField()),
                ("above_seq", models.BigIntegerField()),
            ],
            options={
                "db_table": "alerts_follower",
            },
        ),
        migrations.CreateModel(
            name="Letters",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("since_at", models.DateTimeField()),
            ],
            options={
                "db_table": "alerts_letters",
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("alert", models.CharField(max_length=40)),
                ("third_party_id", models.UUIDField()),
                ("day", models.DateField()),
                ("by_letter", models.BooleanField()),
            ],
            options={
                "db_table": "alerts_told",
                "indexes": [models.Index(fields=["day"], name="alerts_told_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_id", "day", "alert", "third_party_id"), name="alerts_told_once_a_day"
                    )
                ],
            },
        ),
    ]
