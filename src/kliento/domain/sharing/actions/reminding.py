"""What is shared until a day: the person is reminded before it ends."""

from datetime import datetime

from django.db import transaction

from kliento.domain.outbox.actions import enqueue
from kliento.domain.sharing.models import Grant
from kliento.domain.sharing.rules import REMINDED_AHEAD

BATCH = 500


def remind_of_ends(*, at: datetime) -> int:
    """Have people reminded, by one letter for each company, a week before what they share there ends; how many grants.

    Once for each end chosen; one that was less than a week away when it was chosen needs none (`granting`). The letters
    leave through dispatch.
    """
    done = 0
    while True:
        with transaction.atomic():
            ending = Grant.objects.filter(
                ended_at__isnull=True,
                expires_at__gt=at,
                expires_at__lte=at + REMINDED_AHEAD,
                reminded_at__isnull=True,
                relationship__subject_id__isnull=False,
            )
            rows = list(ending.values_list("id", "relationship_id", "relationship__subject_id")[:BATCH])
            Grant.objects.filter(id__in=[row[0] for row in rows]).update(reminded_at=at)
            for relationship_id, subject_id in sorted({row[1:] for row in rows}):
                enqueue("sharing_ends", ref=str(relationship_id), subject_id=subject_id, at=at)
        done += len(rows)
        if len(rows) < BATCH:
            return done
