"""Which further media were shown in a visit that another one began."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0007_fallen_visits")]

    operations = [
        migrations.CreateModel(
            name="OtherMedium",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "visit_id", "medium_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("visit_id", models.UUIDField()),
                ("medium_id", models.UUIDField()),
                ("occurred_at", models.DateTimeField()),
            ],
            options={"db_table": "visits_other_medium"},
        ),
    ]
