"""Which scan a rotating code stood for before an earlier one came in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0002_unregistered_cards"),
    ]

    operations = [
        migrations.AddField(
            model_name="spentcode",
            name="overruled_scan_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="spentcode",
            name="overruled_terminal_id",
            field=models.UUIDField(null=True),
        ),
    ]
