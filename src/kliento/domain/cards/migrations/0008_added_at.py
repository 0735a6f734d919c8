"""Since when a medium is what it is, whatever was blocked and found since."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cards", "0007_codes_of_a_third_party")]

    operations = [
        migrations.AddField("medium", "added_at", models.DateTimeField(null=True)),
    ]
