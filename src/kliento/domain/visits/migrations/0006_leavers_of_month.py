"""People who came in a month and left before it was counted."""

from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0005_standing_of_visits"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeaversOfMonth",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("third_party_id", models.UUIDField()),
                ("month", models.DateField()),
                ("people", models.IntegerField(default=0)),
                ("came_back", models.IntegerField(default=0)),
                ("published_people", models.IntegerField(default=0)),
                ("published_came_back", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "visits_leavers_of_month",
                "constraints": [
                    models.UniqueConstraint(fields=("third_party_id", "month"), name="visits_leavers_of_month_once")
                ],
            },
        ),
    ]
