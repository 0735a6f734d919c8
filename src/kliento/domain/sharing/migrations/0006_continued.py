"""An index of the relationships that go on as another one: asked for on each member's page."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sharing", "0005_confirmed_notices")]

    operations = [
        AddIndexInUse(
            "relationship",
            models.Index(
                fields=["continues_as"],
                condition=Q(continues_as__isnull=False),
                name="sharing_relationship_continued",
            ),
        )
    ]
