"""A relationship remembers that everything in it was ended at once. Safe while the previous version runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0002_pauses_notices_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="relationship",
            name="stopped_at",
            field=models.DateTimeField(null=True),
        ),
    ]
