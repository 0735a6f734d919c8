"""Which stamps of a card a person already has, because another card of theirs was shown at the same visit."""

from uuid import UUID

from kliento.domain.cards.queries import subjects_of
from kliento.domain.programmes.queries import stamps_earned_by
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import SAME_VISIT_WITHIN, Attendance, counted_already


def stamps_counted_already(card_id: UUID, person_id: UUID) -> frozenset[UUID]:
    """The lots of the card's stamps that the person has a stamp of theirs for; the same before a claim and during it.

    A visit of theirs that earned nothing, or whose stamp was taken back, stands for none. A handful of statements.
    """
    standing = Visit.objects.filter(disputed_at=None, cancelled_at=None, overruled_at=None)
    columns = ("id", "premises_id", "occurred_at")
    cards = [Attendance(*row) for row in standing.filter(subject_id=card_id).values_list(*columns)]
    if not cards:
        return frozenset()
    first, last = min(row.occurred_at for row in cards), max(row.occurred_at for row in cards)
    subjects = [subject for subject in subjects_of(person_id) if subject != card_id]
    then = standing.filter(
        subject_id__in=subjects,
        occurred_at__gte=first - SAME_VISIT_WITHIN,
        occurred_at__lte=last + SAME_VISIT_WITHIN,
    )
    others = [Attendance(*row) for row in then.values_list(*columns)]
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
