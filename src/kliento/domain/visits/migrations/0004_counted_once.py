"""Months that are over are counted once; visits of leavers that made nobody more of their day."""

from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_counted_visits"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeaversAgain",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("premises_id", models.UUIDField()),
                ("day", models.DateField()),
                ("visits", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "visits_leavers_again",
                "constraints": [
                    models.UniqueConstraint(fields=("premises_id", "day"), name="visits_leavers_again_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("third_party_id", models.UUIDField()),
                ("month", models.DateField()),
                ("people", models.IntegerField()),
                ("came_back", models.IntegerField()),
                ("published_people", models.IntegerField()),
                ("published_came_back", models.IntegerField()),
            ],
            options={
                "db_table": "visits_month_count",
                "constraints": [
                    models.UniqueConstraint(fields=("third_party_id", "month"), name="visits_month_count_once")
                ],
            },
        ),
    ]
