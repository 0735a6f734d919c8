"""Indexes of the claims that the owners of a till were told of, and of those they were not: asked for by the clock."""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cards", "0005_announced_claims")]

    operations = [
        AddIndexInUse("claim", models.Index(fields=["third_party_id", "announced_at"], name="cards_claim_announced")),
        AddIndexInUse(
            "claim",
            models.Index(
                fields=["third_party_id"],
                condition=Q(announced_at__isnull=True, undone_at__isnull=True),
                name="cards_claim_to_announce",
            ),
        ),
    ]
