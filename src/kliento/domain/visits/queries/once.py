"""One visit at which several cards of a person were shown: its stamps, and its rows in the portal and in Activity."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kliento.domain.cards.queries import subjects_of
from kliento.domain.programmes.queries import stamps_earned_by
from kliento.domain.sharing.queries import families_of
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import SAME_VISIT_WITHIN, Attendance, counted_already, shown_again

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
    near = _standing().filter(
        relationship_id__in=list(families),
        occurred_at__gte=min(times) - SAME_VISIT_WITHIN,
        occurred_at__lte=max(times) + SAME_VISIT_WITHIN,
    )
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
    near = _standing().filter(
        subject_id__in=subjects,
        occurred_at__gte=min(asked.values()) - SAME_VISIT_WITHIN,
        occurred_at__lte=max(asked.values()) + SAME_VISIT_WITHIN,
    )
    cards: dict[UUID, list[Attendance]] = {}
    entries: dict[UUID, UUID] = {}
    for subject_id, entry_id, *row in near.values_list("subject_id", "entry_id", *_ATTENDANCE):
        if subject_id is not None:
            visit = Attendance(*row)
            entries[visit.visit_id] = entry_id
            cards.setdefault(subject_id, []).append(visit)
    return {entries[visit_id] for visit_id in shown_again(cards)} & asked.keys()


def _standing() -> QuerySet[Visit]:
    return Visit.objects.filter(disputed_at=None, cancelled_at=None, overruled_at=None)


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
