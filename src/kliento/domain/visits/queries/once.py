"""One visit at which several cards of a person were shown: its stamps, and its rows in the portal and in Activity."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from kliento.domain.cards.queries import subjects_of
from kliento.domain.programmes.queries import stamps_earned_by
from kliento.domain.sharing.queries import families_of
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import SAME_VISIT_WITHIN, Attendance, counted_already, shown_again

STANDS = Q(disputed_at=None, cancelled_at=None, overruled_at=None)
"""Visits that were not taken back: neither disputed nor undone at the till nor overruled."""
_LOOKED_AROUND = timedelta(hours=1)  # which of many cards was the first of a visit is seen in what was before it
_ATTENDANCE = ("id", "premises_id", "occurred_at")


def same_visits(visits: Sequence[Visit]) -> set[UUID]:
    """Of a third party's visits: those at which another card of the same person had been shown already.

    One statement, two more only where one of them was made with a card that somebody claimed, or by its claimer.
    """
    related = {visit.relationship_id for visit in visits if visit.relationship_id is not None}
    families = families_of(related) if related else {}
    if not families:
        return set()
    times = [visit.occurred_at for visit in visits if visit.relationship_id in families]
    if not times:
        return set()
    near = _standing().filter(_near(times, relationship_id__in=list(families)))
    by_family: dict[UUID, dict[UUID, list[Attendance]]] = {}
    for relationship_id, *row in near.values_list("relationship_id", *_ATTENDANCE):
        if relationship_id is not None:
            cards = by_family.setdefault(families[relationship_id], {})
            cards.setdefault(relationship_id, []).append(Attendance(*row))
    return {visit_id for cards in by_family.values() for visit_id in shown_again(cards)}


def entries_of_same_visits(subjects: Sequence[UUID], asked: Mapping[UUID, datetime]) -> set[UUID]:
    """Of these Activity entries of a person's visits (with when those began): those of visits at which another card of
    theirs had been shown already.

    `subjects`: whose facts are theirs. No statement for who claimed no card, one for others.
    """
    if len(subjects) == 1 or not asked:
        return set()
    near = _standing().filter(_near(asked.values(), subject_id__in=subjects))
    cards: dict[UUID, list[Attendance]] = {}
    entries: dict[UUID, UUID] = {}
    for subject_id, entry_id, *row in near.values_list("subject_id", "entry_id", *_ATTENDANCE):
        if subject_id is not None:
            visit = Attendance(*row)
            entries[visit.visit_id] = entry_id
            cards.setdefault(subject_id, []).append(visit)
    return {entries[visit_id] for visit_id in shown_again(cards)} & asked.keys()


def _near(times: Iterable[datetime], **of: Collection[UUID]) -> Q:
    """What was shortly before or after any of these moments, which may be years apart: never all between them."""
    spans: list[tuple[datetime, datetime]] = []
    for time in sorted(times):
        first, last = time - _LOOKED_AROUND, time + _LOOKED_AROUND
        if spans and first <= spans[-1][1]:
            first, _end = spans.pop()
        spans.append((first, last))
    return reduce(or_, (Q(occurred_at__range=span, **of) for span in spans))


def _standing() -> QuerySet[Visit]:
    return Visit.objects.filter(STANDS)


def stamps_counted_already(card_id: UUID, person_id: UUID) -> frozenset[UUID]:
    """The lots of the card's stamps that the person has a stamp of theirs for; the same before a claim and during it.

    A visit of theirs that earned nothing, or whose stamp was taken back, stands for none. A handful of statements.
    """
    cards = [Attendance(*row) for row in _standing().filter(subject_id=card_id).values_list(*_ATTENDANCE)]
    if not cards:
        return frozenset()
    first, last = min(row.occurred_at for row in cards), max(row.occurred_at for row in cards)
    subjects = [subject for subject in subjects_of(person_id) if subject != card_id]
    then = _standing().filter(
        subject_id__in=subjects,
        occurred_at__gte=first - SAME_VISIT_WITHIN,
        occurred_at__lte=last + SAME_VISIT_WITHIN,
    )
    others = [Attendance(*row) for row in then.values_list(*_ATTENDANCE)]
    if not others:
        return frozenset()
    stamps = stamps_earned_by([visit.visit_id for visit in (*cards, *others)])
    held = {visit_id for visit_id, stamp in stamps.items() if stamp.subject_id == person_id and not stamp.is_taken_back}
    its_own = {
        visit_id for visit_id, stamp in stamps.items() if stamp.subject_id == card_id and not stamp.is_taken_back
    }
    earned = [visit for visit in cards if visit.visit_id in its_own]
    already = counted_already(earned, others=[visit for visit in others if visit.visit_id in held])
    return frozenset(stamps[visit_id].lot_id for visit_id in already)
