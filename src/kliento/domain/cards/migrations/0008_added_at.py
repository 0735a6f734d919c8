"""Since when a medium is what it is, whatever was blocked and found since."""

from django.db import migrations, models
from django.db.models import F


def since(apps, schema_editor):
    """Of what is in use that is what is known; of the rest only since when it is not."""
    medium = apps.get_model("cards", "Medium")
    medium.objects.filter(added_at=None, state="active").update(added_at=F("since_at"))


class Migration(migrations.Migration):
    dependencies = [("cards", "0007_codes_of_a_third_party")]

    operations = [
        migrations.AddField("medium", "added_at", models.DateTimeField(null=True)),
        migrations.RunPython(since, migrations.RunPython.noop, elidable=True),
    ]
