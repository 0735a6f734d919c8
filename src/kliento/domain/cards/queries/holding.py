"""Showing a holder their own card and media."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.cards.models import Card, Medium
from kliento.domain.gate import actions as gate
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound


def card_number(by: PersonActor) -> str:
    """The holder's own card number, the newest in use, opened through the gate. Raises NotFound without a card."""
    numbers = Medium.objects.filter(card__person=by.person_id, kind=Medium.Kind.PRINTED)
    medium = numbers.order_by("state", "-id").first()  # "active" is the first of the states
    if medium is None or medium.sealed_code is None:
        raise NotFound(code="no_card")
    return gate.open_sealed(
        medium.code_owner_id or by.person_id,
        place="cards_medium.sealed_code",
        row=medium.id,
        sealed=bytes(medium.sealed_code),
        purpose="service",
    )


@dataclass(frozen=True, slots=True)
class MediumView:
    """A medium as its holder sees it. `since_at`: when it got that state."""

    id: UUID
    kind: str
    state: str
    since_at: datetime
    is_own_number: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether its holder had it refused everywhere."""
        return self.state == Medium.State.BLOCKED

    @property
    def is_active(self) -> bool:
        """Whether tills take it."""
        return self.state == Medium.State.ACTIVE

    @property
    def may_be_replaced(self) -> bool:
        """Whether another card may take its place; the phone stays."""
        return self.is_active and self.kind != Medium.Kind.PHONE

    @property
    def may_be_used_again(self) -> bool:
        """All but the person's own number, which was replaced by a new one at once."""
        return self.is_blocked and not self.is_own_number


def media_of_person(person_id: UUID) -> list[MediumView]:
    """The person's media, the phone first, then numbers by when they came to be."""
    rows = Medium.objects.filter(card__person=person_id).order_by("kind", "id")
    return [MediumView(row.id, row.kind, row.state, row.since_at, row.is_own_number) for row in rows]


def describe_person(person_id: UUID) -> dict[str, object]:
    """The person's card and media, for their download; the number itself is exported as the field `card_number`."""
    card = Card.objects.prefetch_related("media").filter(person=person_id).first()
    return {"card": None if card is None else _described(card)}


def describe_card(card_id: UUID) -> dict[str, object]:
    """An unregistered card and its media, for its holder; one that was claimed has its medium at the person's card."""
    return _described(Card.objects.prefetch_related("media").get(id=card_id))


def _described(card: Card) -> dict[str, object]:
    return {
        "issued_at": card.issued_at.isoformat(),
        "media": [
            {
                "kind": medium.kind,
                "level": medium.level,
                "state": medium.state,
                "since": medium.since_at.isoformat(),
            }
            for medium in card.media.order_by("kind", "id")
        ],
    }
