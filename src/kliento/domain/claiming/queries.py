"""What a claim would bring, before it is made; and what is kept under a card, for its holder."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kliento.domain.activity import queries as activity
from kliento.domain.cards.queries import HeldCode, card_waiting, describe_card, unregistered_by_number
from kliento.domain.programmes import queries as programmes
from kliento.domain.programmes.rules import StampsView
from kliento.domain.sharing import queries as sharing
from kliento.domain.visits import queries as visits


@dataclass(frozen=True, slots=True)
class BroughtFrom:
    """What a card brings from one third party."""

    third_party_id: UUID
    visits: int
    first_at: datetime
    last_at: datetime
    stamps: StampsView | None


@dataclass(frozen=True, slots=True)
class Brought:
    """An unregistered card that waits to be claimed, and all it would bring; the most visited first."""

    card_id: UUID
    medium_kind: str
    places: tuple[BroughtFrom, ...]


def what_it_brings(entered: str | HeldCode, *, at: datetime) -> Brought | None:
    """What the card behind this claim code would bring; None for every code that is not good."""
    waiting = card_waiting(entered, at=at)
    return None if waiting is None else kept_under(*waiting, at=at)


def kept_under(card_id: UUID, medium_kind: str, *, at: datetime) -> Brought:
    """What is kept under an unregistered card. Four statements."""
    stamps = {card.programme.third_party_id: card.stamps for card in programmes.loyalty_cards_of(card_id, at=at)}
    places = tuple(
        BroughtFrom(one.third_party_id, one.visits, one.first_at, one.last_at, stamps.get(one.third_party_id))
        for one in visits.visits_by_company(card_id)
    )
    return Brought(card_id, medium_kind, places)


def card_behind(number: str, typed: str, *, at: datetime) -> UUID | None:
    """The unregistered card with this number, if this is the claim code that waits for it; None for all else alike.

    The same statements whatever was typed (threat 4).
    """
    by_number, waiting = unregistered_by_number(number), card_waiting(typed, at=at)
    return by_number if waiting is not None and waiting[0] == by_number else None


def describe_subject(card_id: UUID) -> dict[str, Any]:
    """Everything that is kept under one card, as plain JSON types: for its holder, or for whoever claimed it."""
    described: dict[str, Any] = {"card": describe_card(card_id)}
    for package in (sharing, programmes, visits, activity):
        described |= package.describe_person(card_id)
    return described
