"""Erasure and retention."""

from datetime import datetime
from uuid import UUID

from kliento.domain.cards.models import Card, Claim, ClaimCode, SpentCode
from kliento.kernel.ids import new_id


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Delete card and media: a code shown later is as unknown as a guess.

    Claims that were undone stay for the company whose till gave the code (threat 28), under an id that is nobody's.
    """
    nobody = new_id()
    Claim.objects.filter(person_id=person_id).update(person_id=nobody)
    ClaimCode.objects.filter(used_by=person_id).update(used_by=nobody)
    Card.objects.filter(person=person_id).delete()


def purge_spent_codes(*, at: datetime) -> int:
    """Forget the codes that no till can hand in any more; how many."""
    return SpentCode.objects.filter(expires_at__lte=at).delete()[0]
