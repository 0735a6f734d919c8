"""What a claim would bring, before it is made; and what is kept under a card, for its holder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kliento.domain.activity import queries as activity
from kliento.domain.cards.queries import HeldCode, card_waiting, describe_card, unregistered_by_number
from kliento.domain.programmes import queries as programmes
from kliento.domain.programmes.queries import LoyaltyCard
from kliento.domain.programmes.rules import StampsView
from kliento.domain.sharing import queries as sharing
from kliento.domain.visits import queries as visits
from kliento.kernel.actor import PersonActor


@dataclass(frozen=True, slots=True)
class BroughtFrom:
    """What a card brings from one third party.

    Without visits that count there are no dates: they were undone, or are forgotten and their stamps are left.
    `already`: stamps of visits at which another card of the claimer was shown, too, and counts; they are not among the
    `stamps`. `waits`: those can be had once the claimer takes its loyalty card into use.
    """

    third_party_id: UUID
    visits: int
    first_at: datetime | None
    last_at: datetime | None
    stamps: StampsView | None
    already: int = 0
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """An unregistered card that waits to be claimed, and all it would bring; the most visited first."""

    card_id: UUID
    medium_kind: str
    places: tuple[BroughtFrom, ...]


def what_it_brings(entered: str | HeldCode, *, by: PersonActor, at: datetime) -> Brought | None:
    """What the card behind this claim code would bring this person; None for every code that is not good.

    As many statements for a card with visits to many companies as to one.
    """
    waiting = card_waiting(entered, at=at)
    if waiting is None:
        return None
    cards = _cards_by_company(waiting[0], at=at)
    already = visits.stamps_counted_already(waiting[0], by.person_id)
    own = {card.programme.id: card for card in programmes.loyalty_cards_of(by.person_id, at=at)}
    stamps = programmes.stamps_without(cards.values(), already, at=at)
    places = tuple(
        _brought(place, card, own, stamps=stamps[card.membership_id]) if card else place
        for place, card in ((place, cards.get(place.third_party_id)) for place in _places(waiting[0], cards))
    )
    return Brought(*waiting, places)


def _brought(
    place: BroughtFrom, card: LoyaltyCard, own: Mapping[UUID, LoyaltyCard], *, stamps: StampsView
) -> BroughtFrom:
    theirs = own.get(card.programme.id)
    in_use = theirs.is_in_use if theirs else not card.programme.fields
    return replace(place, stamps=stamps, already=card.stamps.balance - stamps.balance, waits=not in_use)


def kept_under(card_id: UUID, medium_kind: str, *, at: datetime) -> Brought:
    """What is kept under an unregistered card. Three statements."""
    return Brought(card_id, medium_kind, _places(card_id, _cards_by_company(card_id, at=at)))


def _places(card_id: UUID, cards: Mapping[UUID, LoyaltyCard]) -> tuple[BroughtFrom, ...]:
    stamps = {third_party_id: card.stamps for third_party_id, card in cards.items()}
    visited = [
        BroughtFrom(one.third_party_id, one.visits, one.first_at, one.last_at, stamps.get(one.third_party_id))
        for one in visits.visits_by_company(card_id)
    ]
    forgotten = stamps.keys() - {place.third_party_id for place in visited}
    left = [BroughtFrom(each, 0, None, None, stamps[each]) for each in sorted(forgotten) if stamps[each].balance]
    return (*visited, *left)


def _cards_by_company(card_id: UUID, *, at: datetime) -> dict[UUID, LoyaltyCard]:
    """Its loyalty card of each third party; of several the one in use."""
    in_use_last = reversed(programmes.loyalty_cards_of(card_id, at=at))
    return {card.programme.third_party_id: card for card in in_use_last}


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
