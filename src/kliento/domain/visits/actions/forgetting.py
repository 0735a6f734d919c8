"""Erasure and retention of scans and visits."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from kliento.domain.visits.models import LeaversAgain, Scan, Visit
from kliento.domain.visits.queries.days import moments_of
from kliento.domain.visits.rules import SCANS_KEPT

BATCH = 1000


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the person out of their visits, 1000 a transaction and whole days; can be run again after a crash.

    The counts remain, of visits and of how many different people a day had (threat 23).
    """
    theirs = Visit.objects.filter(subject_id=person_id)
    while True:
        with transaction.atomic():
            oldest = theirs.order_by("occurred_at", "id")[:BATCH]
            moments = list(oldest.values_list("occurred_at", flat=True))
            if moments:
                _cut(theirs.filter(occurred_at__lt=moments_of(localdate(moments[-1]))[1]))
        if len(moments) < BATCH:
            return


def _cut(visits: QuerySet[Visit]) -> None:
    batch = list(visits)
    _keep_again(batch)
    Visit.objects.filter(id__in=[visit.id for visit in batch]).update(
        subject_id=None, relationship_id=None, medium_id=None, fields=[]
    )


def _keep_again(batch: list[Visit]) -> None:
    """Keep how many of these visits make nobody more of a day at a place, once nobody can tell whose they were."""
    met = Counter((visit.premises_id, localdate(visit.occurred_at), visit.relationship_id) for visit in batch)
    again: Counter[tuple[UUID, date]] = Counter()
    for (premises_id, day, _), times in met.items():
        if times > 1:
            again[premises_id, day] += times - 1
    rows = [LeaversAgain(premises_id=premises_id, day=day) for premises_id, day in again]
    LeaversAgain.objects.bulk_create(rows, ignore_conflicts=True)
    for (premises_id, day), visits in sorted(again.items()):
        LeaversAgain.objects.filter(premises_id=premises_id, day=day).update(visits=F("visits") + visits)


def forget_visits_of_card(card_id: UUID, *, before: datetime) -> None:
    """Take an unregistered card out of its visits of whole days before then; the counts remain. In one transaction."""
    _cut(Visit.objects.filter(subject_id=card_id, occurred_at__lt=before))


def purge_scans(*, at: datetime) -> int:
    """Delete scans received more than 30 days ago; how many. Their visits stay."""
    return Scan.objects.filter(received_at__lt=at - SCANS_KEPT).delete()[0]
