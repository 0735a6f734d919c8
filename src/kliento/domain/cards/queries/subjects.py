"""Whom facts are about: people, and unregistered cards until somebody claims them."""

from collections.abc import Collection
from uuid import UUID

from kliento.domain.cards import rules
from kliento.domain.cards.models import Card, Claim, Medium
from kliento.domain.vault import actions as vault


def subjects_of(person_id: UUID) -> list[UUID]:
    """Whose facts are this person's: their own id, then the cards they claimed, the first claimed first.

    One statement. Every read of one's own visits, Activity and stamps takes these.
    """
    claimed = Claim.objects.filter(person_id=person_id, undone_at=None).order_by("claimed_at", "id")
    return [person_id, *claimed.values_list("subject_id", flat=True)]


def claimed_by(person_id: UUID) -> list[UUID]:
    """The cards whose facts go when the person goes: those they claimed, unless that was undone."""
    return subjects_of(person_id)[1:]


def unregistered_by_number(number: str) -> UUID | None:
    """The unregistered card with that number on it; None for every other text. One statement, whatever was typed."""
    media = Medium.objects.filter(code_index=vault.index("card", rules.tidied(number)), card__person=None)
    return media.values_list("card_id", flat=True).first()


def lock_unregistered(card_ids: Collection[UUID]) -> set[UUID]:
    """Those of these cards that nobody has claimed, locked until the transaction ends, always in the same order.

    Two statements, none without cards. On SQLite the transaction itself is the lock.
    """
    if not card_ids:
        return set()
    rows = Card.objects.select_for_update().filter(id__in=sorted(set(card_ids)), person=None).order_by("id")
    held = set(rows.values_list("id", flat=True))
    return held - set(Claim.objects.filter(subject_id__in=held, undone_at=None).values_list("subject_id", flat=True))
