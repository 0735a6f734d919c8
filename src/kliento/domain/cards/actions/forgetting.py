"""Erasure and retention."""

from datetime import datetime
from uuid import UUID

from kliento.domain.cards.models import Card, SpentCode


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Delete card and media: a code shown later is as unknown as a guess."""
    Card.objects.filter(person=person_id).delete()


def purge_spent_codes(*, at: datetime) -> int:
    """Forget the codes that no till can hand in any more; how many."""
    return SpentCode.objects.filter(expires_at__lte=at).delete()[0]
