"""Erasure and retention of scans and visits."""

from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from kliento.domain.visits.models import LeaversAgain, LeaversOfMonth, MonthCount, OtherMedium, Scan, Visit
from kliento.domain.visits.queries import cells_of
from kliento.domain.visits.queries.days import end_of_month
from kliento.domain.visits.rules import SCANS_KEPT
from kliento.domain.visits.rules.counting import MonthFigures, figures_of_one
from kliento.kernel.clock import day_of

BATCH = 1000


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the person out of their visits, 1000 a transaction and whole months; can be run again after a crash.

    The counts remain: of visits, and of how many different people a day and a month had (threat 23).
    """
    theirs = Visit.objects.filter(subject_id=person_id)
    while True:
        with transaction.atomic():
            oldest = theirs.order_by("occurred_at", "id")[:BATCH]
            moments = list(oldest.values_list("occurred_at", flat=True))
            if moments:
                _cut(theirs.filter(occurred_at__lt=end_of_month(moments[-1])))
        if len(moments) < BATCH:
            return


def _cut(visits: QuerySet[Visit]) -> None:
    """These, locked: whoever cuts the same ones at that moment finds them cut, and keeps nothing twice."""
    batch = list(visits.select_for_update().order_by("id"))
    counted = [visit for visit in batch if visit.cancelled_at is None and visit.overruled_at is None]
    _keep_again(counted)
    _keep_months(counted)
    Visit.objects.filter(id__in=[visit.id for visit in batch]).update(
        subject_id=None, relationship_id=None, medium_id=None, fields=[]
    )
    OtherMedium.objects.filter(visit_id__in=[visit.id for visit in batch]).delete()


def _keep_again(batch: list[Visit]) -> None:
    """Keep how many of these visits make nobody more of a day at a place, once nobody can tell whose they were."""
    met = Counter((visit.premises_id, day_of(visit.occurred_at), visit.relationship_id) for visit in batch)
    again: Counter[tuple[UUID, date]] = Counter()
    for (premises_id, day, _), times in met.items():
        if times > 1:
            again[premises_id, day] += times - 1
    rows = [LeaversAgain(premises_id=premises_id, day=day) for premises_id, day in sorted(again)]
    LeaversAgain.objects.bulk_create(rows, ignore_conflicts=True)
    for (premises_id, day), visits in sorted(again.items()):
        LeaversAgain.objects.filter(premises_id=premises_id, day=day).update(visits=F("visits") + visits)


def _keep_months(batch: list[Visit]) -> None:
    """Keep what whoever made these visits adds to the months that are not counted yet."""
    came: dict[tuple[UUID, date], dict[UUID | None, set[tuple[date, UUID]]]] = defaultdict(lambda: defaultdict(set))
    for visit in batch:
        day = day_of(visit.occurred_at)
        came[visit.third_party_id, day.replace(day=1)][visit.relationship_id].add((day, visit.premises_id))
    counted = set(
        MonthCount.objects.filter(
            third_party_id__in={third_party_id for third_party_id, _ in came}, month__in={month for _, month in came}
        ).values_list("third_party_id", "month")
    )
    waiting = sorted(came.keys() - counted)
    rows = [LeaversOfMonth(third_party_id=third_party_id, month=month) for third_party_id, month in waiting]
    LeaversOfMonth.objects.bulk_create(rows, ignore_conflicts=True)
    for third_party_id, month in waiting:
        people = came[third_party_id, month].values()
        cells = cells_of(sorted({day for days in people for day, _ in days}), third_party_id=third_party_id)
        added = sum((figures_of_one(days, cells=cells) for days in people), MonthFigures())
        LeaversOfMonth.objects.filter(third_party_id=third_party_id, month=month).update(
            **{name: F(name) + number for name, number in asdict(added).items()}
        )


def forget_visits_of_card(card_id: UUID, *, before: datetime) -> None:
    """Take an unregistered card out of its visits of whole days before then; the counts remain. In one transaction."""
    _cut(Visit.objects.filter(subject_id=card_id, occurred_at__lt=before))


def purge_scans(*, at: datetime) -> int:
    """Delete scans received more than 30 days ago; how many. Their visits stay."""
    return Scan.objects.filter(received_at__lt=at - SCANS_KEPT).delete()[0]
