"""Erasure: memberships and their ledger lose the person; the numbers stay, about nobody."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.programmes.models import LedgerEntry, Membership

BATCH = 1000


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the person off their loyalty cards, 1000 entries a transaction; can be run again after a crash.

    Needs an Activity cover before it: without one the triggers refuse.
    """
    memberships = list(Membership.objects.filter(subject_id=person_id).values_list("id", flat=True))
    while True:
        with transaction.atomic():
            entries = LedgerEntry.objects.filter(membership_id__in=memberships, subject_id=person_id)
            batch = list(entries.values_list("id", flat=True)[:BATCH])
            LedgerEntry.objects.filter(id__in=batch).update(subject_id=None)
        if len(batch) < BATCH:
            break
    Membership.objects.filter(id__in=memberships).update(subject_id=None, relationship_id=None, ended_at=at)
