"""Showing a holder their own card and media."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from kliento.domain.cards.models import Card, Claim, Medium
from kliento.domain.gate import actions as gate
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound


def card_number(by: PersonActor) -> str:
    """The holder's card number in use, their own before one that a claimed card brought, opened through the gate.

    Raises NotFound without a card.
    """
    numbers = Medium.objects.filter(card__person=by.person_id, kind=Medium.Kind.PRINTED)
    own_first = F("code_owner_id").asc(nulls_first=True)
    medium = numbers.order_by("state", own_first, "-id").first()  # "active" is the first of the states
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
    """A medium as its holder sees it. `since_at`: when it got that state; `is_given_up`: for a card they claimed.

    `added_at`: when they got it, which no blocking and finding changes.
    """

    id: UUID
    kind: str
    state: str
    since_at: datetime
    is_own_number: bool = False
    level: str = ""
    is_given_up: bool = False
    added_at: datetime | None = None
    name: str = field(default="", repr=False)

    @property
    def is_blocked(self) -> bool:
        """Whether its holder had it refused everywhere."""
        return self.state == Medium.State.BLOCKED

    @property
    def is_active(self) -> bool:
        """Whether tills take it."""
        return self.state == Medium.State.ACTIVE

    @property
    def here_since(self) -> datetime:
        """Since when it is a carrier of theirs."""
        return self.added_at or self.since_at

    @property
    def stands_since(self) -> datetime:
        """In use: since they have it; otherwise since it is not."""
        return self.here_since if self.is_active else self.since_at

    @property
    def may_be_removed(self) -> bool:
        """All but the phone and the person's own number in use, which a card always has."""
        return self.kind != Medium.Kind.PHONE and not (self.is_own_number and self.is_active)

    @property
    def may_be_replaced(self) -> bool:
        """Whether another card may take its place; the phone stays."""
        return self.is_active and self.kind != Medium.Kind.PHONE

    @property
    def may_be_used_again(self) -> bool:
        """All but the person's own number, which was replaced at once, and what is given up for another card."""
        return self.is_blocked and not self.is_own_number and not self.is_given_up


def given_up(person_id: UUID) -> QuerySet[Medium]:
    """The person's media that a card they claimed took the place of: accepted again should that claim be undone."""
    claims = Claim.objects.filter(person_id=person_id, undone_at=None, replaced_id__isnull=False)
    return Medium.objects.filter(card__person=person_id, id__in=claims.values("replaced_id"))


def media_of_person(person_id: UUID) -> list[MediumView]:
    """The person's media, the phone first, then numbers by when they came to be. Two statements."""
    rows = Medium.objects.filter(card__person=person_id).order_by("kind", "id")
    return _views(rows, person_id)


def carriers_of(by: PersonActor) -> list[MediumView]:
    """The holder's own media with what they call them, those in use first, the phone before all."""
    rows = list(Medium.objects.filter(card__person=by.person_id).order_by("-id"))
    names = _opened(rows, "sealed_name", owners={row.id: by.person_id for row in rows})
    views = [replace(view, name=names.get(view.id, "")) for view in _views(rows, by.person_id)]
    order = list(Medium.Kind)
    return sorted(views, key=lambda view: (not view.is_active, order.index(Medium.Kind(view.kind))))


def carrier_of(by: PersonActor, medium_id: UUID) -> MediumView:
    """One of them. Raises NotFound, for media of others too."""
    found = next((view for view in carriers_of(by) if view.id == medium_id), None)
    if found is None:
        raise NotFound(code="unknown_medium")
    return found


def opened_media(by: PersonActor) -> dict[str, dict[str, str]]:
    """Number and name of each of the holder's media, by its id, for their download."""
    rows = list(Medium.objects.filter(card__person=by.person_id))
    owners = {row.id: row.code_owner_id or by.person_id for row in rows}
    numbers = _opened(rows, "sealed_code", owners=owners)
    names = _opened(rows, "sealed_name", owners={row.id: by.person_id for row in rows})
    return {str(row.id): {"number": numbers.get(row.id, ""), "name": names.get(row.id, "")} for row in rows}


def _opened(rows: list[Medium], column: str, *, owners: dict[UUID, UUID]) -> dict[object, str]:
    sealed = [(owners[row.id], row.id, bytes(held)) for row in rows if (held := getattr(row, column)) is not None]
    return gate.open_sealed_list(sealed, place=f"cards_medium.{column}", purpose="service")


def _views(rows: Iterable[Medium], person_id: UUID) -> list[MediumView]:
    replaced = set(given_up(person_id).values_list("id", flat=True))
    return [
        MediumView(
            row.id, row.kind, row.state, row.since_at, row.is_own_number, row.level, row.id in replaced, row.added_at
        )
        for row in rows
    ]


def describe_person(person_id: UUID) -> dict[str, object]:
    """The person's card and media, for their download; numbers and names come from `opened_media`."""
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
                "id": str(medium.id),
                "kind": medium.kind,
                "level": medium.level,
                "state": medium.state,
                "since": medium.since_at.isoformat(),
            }
            for medium in card.media.order_by("kind", "id")
        ],
    }
