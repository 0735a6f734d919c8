"""How a visit stands: undone at the till, overruled, left; with what level it was made, and who was on duty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0004_counted_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="cancelled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="left_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="level",
            field=models.CharField(db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="visit",
            name="operator_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="overruled_at",
            field=models.DateTimeField(null=True),
        ),
    ]
