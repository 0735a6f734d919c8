"""Whom facts are about: people, and unregistered cards until somebody claims them."""

from collections.abc import Collection
from uuid import UUID

from kliento.domain.cards.models import Card, Claim


def subjects_of(person_id: UUID) -> list[UUID]:
    """Whose facts are this person's: their own id, then the cards they claimed, the first claimed first.

    One statement. Every read of one's own visits, Activity and stamps takes these.
    """
    claimed = Claim.objects.filter(person_id=person_id, undone_at=None).order_by("claimed_at", "id")
    return [person_id, *claimed.values_list("subject_id", flat=True)]


def lock_unregistered(card_ids: Collection[UUID]) -> set[UUID]:
    """Those of these cards that have no person, locked until the transaction ends, always in the same order.

    One statement; a card that was claimed meanwhile is left out. On SQLite the transaction itself is the lock.
    """
    rows = Card.objects.select_for_update().filter(id__in=sorted(set(card_ids)), person=None).order_by("id")
    return set(rows.values_list("id", flat=True)) if card_ids else set()
