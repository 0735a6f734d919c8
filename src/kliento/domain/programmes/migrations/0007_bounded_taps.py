"""Indexes of what a tap asks of a member's ledger: stamps of the last days, and lots that have come to their end.

Without them a tap reads all the member ever collected.
"""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("programmes", "0006_moved_from")]

    operations = [
        AddIndexInUse(
            "ledgerentry",
            models.Index(fields=["membership_id", "at"], condition=Q(kind="earned"), name="programmes_entry_earned"),
        ),
        AddIndexInUse(
            "ledgerentry",
            models.Index(
                fields=["membership_id", "expires_at"],
                condition=Q(expires_at__isnull=False),
                name="programmes_entry_ends",
            ),
        ),
    ]
