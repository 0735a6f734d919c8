"""Erasure and retention of scans and visits."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import SCANS_KEPT

BATCH = 1000


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the person out of their visits, 1000 a transaction; can be run again after a crash. The count remains."""
    while True:
        with transaction.atomic():
            batch = list(Visit.objects.filter(subject_id=person_id).values_list("id", flat=True)[:BATCH])
            Visit.objects.filter(id__in=batch).update(subject_id=None, relationship_id=None, medium_id=None, fields=[])
        if len(batch) < BATCH:
            return


def purge_scans(*, at: datetime) -> int:
    """Delete scans received more than 30 days ago; how many. Their visits stay."""
    return Scan.objects.filter(received_at__lt=at - SCANS_KEPT).delete()[0]
