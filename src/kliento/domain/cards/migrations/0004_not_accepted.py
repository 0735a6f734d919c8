"""An index of the media that are not accepted: asked for with every block list."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cards", "0003_offline_uses")]

    operations = [
        AddIndexInUse(
            model_name="medium",
            index=models.Index(
                condition=models.Q(("state__in", ["blocked", "replaced"])),
                fields=["since_at", "kind"],
                name="cards_medium_not_accepted",
            ),
        ),
    ]
