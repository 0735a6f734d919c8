"""An index of the lots that go on elsewhere: asked for when a visit is undone, a claim too."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programmes", "0005_moved_stamps")]

    operations = [
        AddIndexInUse(
            "ledgerentry",
            models.Index(
                fields=["moved_from"], condition=Q(moved_from__isnull=False), name="programmes_entry_moved_from"
            ),
        )
    ]
