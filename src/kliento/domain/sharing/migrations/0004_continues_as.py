"""The relationship of a card that was claimed names the person's own one. Safe while the previous version runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_stopped")]

    operations = [
        migrations.AddField(model_name="relationship", name="continues_as", field=models.UUIDField(null=True)),
    ]
