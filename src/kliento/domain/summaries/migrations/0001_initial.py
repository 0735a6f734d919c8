"""How far the summaries of a month have come on each channel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("channel", models.CharField(max_length=40)),
                ("after", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "summaries_run",
                "constraints": [models.UniqueConstraint(fields=["month", "channel"], name="summaries_run_month")],
            },
        ),
    ]
