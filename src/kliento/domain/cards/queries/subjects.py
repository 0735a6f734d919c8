"""Whom facts are about: people, and unregistered cards until somebody claims them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kliento.domain.cards import rules
from kliento.domain.cards.models import Card, Claim, Medium
from kliento.domain.people.queries import lock_people
from kliento.domain.vault import actions as vault
from kliento.kernel.rows import Among

CLAIMED = "SELECT person_id, subject_id FROM cards_claim WHERE undone_at IS NULL"
"""The claims that stand, as a part of another package's statement: whose facts each claimed card's are."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose facts a subject's are now: a person, or an unregistered card, which is always active."""

    id: UUID
    state: str
    is_card: bool = False


def subjects_of(person_id: UUID) -> list[UUID]:
    """Whose facts are this person's: their own id, then the cards they claimed, the first claimed first.

    One statement. Every read of one's own visits, Activity and stamps takes these.
    """
    claimed = Claim.objects.filter(person_id=person_id, undone_at=None).order_by("claimed_at", "id")
    return [person_id, *claimed.values_list("subject_id", flat=True)]


def claimed_by(person_id: UUID) -> list[UUID]:
    """The cards whose facts go when the person goes: those they claimed, unless that was undone."""
    return [card_id for _person, card_id in claimed_by_any([person_id])]


def claimed_by_any(person_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """The same of many people: each card with whose it is, the first claimed first. One statement."""
    claimed = Claim.objects.filter(person_id__in=Among(person_ids), undone_at=None).order_by("claimed_at", "id")
    return list(claimed.values_list("person_id", "subject_id"))


def unregistered_by_number(number: str) -> UUID | None:
    """The unregistered card with that number on it; None for every other text. One statement, whatever was typed."""
    media = Medium.objects.filter(code_index=vault.index("card", rules.tidied(number)), card__person=None)
    return media.values_list("card_id", flat=True).first()


def cards_among(subject_ids: Collection[UUID]) -> set[UUID]:
    """Those of these subjects that are cards used without an account, claimed by now or not. One statement."""
    return set(Card.objects.filter(id__in=Among(subject_ids), person=None).values_list("id", flat=True))


def lock_unregistered(card_ids: Collection[UUID]) -> set[UUID]:
    """Those of these cards that nobody has claimed, locked until the transaction ends, always in the same order.

    Two statements, none without cards. On SQLite the transaction itself is the lock.
    """
    if not card_ids:
        return set()
    rows = Card.objects.select_for_update().filter(id__in=sorted(set(card_ids)), person=None).order_by("id")
    held = set(rows.values_list("id", flat=True))
    return held - set(Claim.objects.filter(subject_id__in=held, undone_at=None).values_list("subject_id", flat=True))


def lock_holder(subject_id: UUID) -> Holder | None:
    """Whose the facts of this subject are, locked until the transaction ends: the person, whoever claimed the card, or
    the unregistered card itself. None for whoever is gone, and for a card that is being claimed this moment.

    At most four statements.
    """
    person_id = subject_id if (claimer := claimer_of(subject_id)) is None else claimer
    person = lock_people([person_id]).get(person_id)
    if person is not None and claimer_of(subject_id) == claimer:
        return Holder(person.id, person.state)
    if claimer is None and lock_unregistered([subject_id]):
        return Holder(subject_id, "active", is_card=True)
    return None


def claimer_of(card_id: UUID) -> UUID | None:
    """Who claimed this card; None while it is on its own, and for what is no card. One statement."""
    return Claim.objects.filter(subject_id=card_id, undone_at=None).values_list("person_id", flat=True).first()
