"""What is known of the media that were there before: those in use are since when they are.

Apart from the new column, and a few at a time: together every till would wait until all the media are written.
"""

from django.db import migrations
from django.db.models import F

_AT_ONCE = 1000


def since(apps, schema_editor):
    """Of what is in use that is what is known; of the rest only since when it is not. Begun again it goes on."""
    medium = apps.get_model("cards", "Medium").objects.filter(added_at=None, state="active")
    unknown = medium.order_by("id").values_list("id", flat=True)
    some = list(unknown[:_AT_ONCE])
    while some:
        medium.filter(id__in=some).update(added_at=F("since_at"))
        some = list(unknown.filter(id__gt=some[-1])[:_AT_ONCE])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cards", "0008_added_at")]

    operations = [
        migrations.RunPython(since, migrations.RunPython.noop, elidable=True),
    ]
