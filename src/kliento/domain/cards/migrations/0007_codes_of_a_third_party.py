"""An index of the claim codes that a third party's tills gave, newest first: asked for by its owner."""

from django.db import migrations, models

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cards", "0006_claims_to_announce")]

    operations = [
        AddIndexInUse(
            "claimcode", models.Index(fields=["third_party_id", "-made_at"], name="cards_claim_code_third_party")
        )
    ]
