"""Finding cards by what was shown, and showing a holder their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from kliento.domain.cards import rules
from kliento.domain.cards.models import Card, Medium
from kliento.domain.gate import actions as gate
from kliento.domain.vault import actions as vault
from kliento.kernel import sets
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a text is, before anybody looked for it: a blind index, and the rotating code it holds if it is one."""

    index: bytes
    rotating: rules.Rotating | None


@dataclass(frozen=True, slots=True)
class Spent:
    """The scan that a rotating code stands for; there is only ever one."""

    terminal_id: UUID
    premises_id: UUID
    scan_id: UUID
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Presented:
    """The medium behind a code that was shown."""

    card_id: UUID
    medium_id: UUID
    person_id: UUID | None
    level: str
    blocked: bool
    spent: Spent | None

    @property
    def subject_id(self) -> UUID:
        """Whose visits these are: the person's, or those of a card that nobody has claimed."""
        return self.person_id or self.card_id


def code_keys() -> rules.CodeKeys:
    """The keys of rotating codes, from the keyring."""
    keyring = settings.KEYRING
    return rules.CodeKeys(token=keyring.existing("card-token"), signing=keyring.existing("card-signing"))


def public_code_key() -> bytes:
    """What a terminal needs to check rotating codes offline."""
    return rules.public_key(code_keys())


def decoded(code: str) -> Decoded:
    """Read a scanned or typed text. It always gets an index: a guess costs the same look-up (threat 4)."""
    tidy = rules.tidied(code)
    return Decoded(index=vault.index("card", tidy), rotating=rules.read_rotating(tidy, keys=code_keys()))


def media_of(shown: Sequence[Decoded]) -> list[Presented | None]:
    """The medium behind each code, in the same order, None where there is none. One statement for any number."""
    if not shown:
        return []
    table, parameters = sets.given(
        connection,
        {"place": "int", "code_index": "bytea", "ordinal": "bigint", "digest": "bytea"},
        [
            (place, one.index, one.rotating and one.rotating.ordinal, one.rotating and one.rotating.digest)
            for place, one in enumerate(shown)
        ],
    )
    found: list[Presented | None] = [None] * len(shown)
    with connection.cursor() as cursor:
        cursor.execute(_MEDIA.format(given=table), parameters)
        for place, card_id, medium_id, person_id, level, state, *spent in cursor.fetchall():
            if card_id is not None:
                found[place] = Presented(
                    card_id=sets.identifier(card_id),
                    medium_id=sets.identifier(medium_id),
                    person_id=None if person_id is None else sets.identifier(person_id),
                    level=level,
                    blocked=state != Medium.State.ACTIVE,
                    spent=None if spent[0] is None else spent_from(spent),
                )
    return found


_MEDIA = """
    SELECT given.place, card.id, COALESCE(printed.id, phone.id), card.person_id,
           COALESCE(printed.level, phone.level), COALESCE(printed.state, phone.state),
           spent.terminal_id, spent.premises_id, spent.scan_id, spent.occurred_at
    FROM {given} AS given
    LEFT JOIN cards_medium AS printed ON printed.code_index = given.code_index
    LEFT JOIN cards_card AS rotating ON rotating.ordinal = given.ordinal
    LEFT JOIN cards_medium AS phone ON phone.card_id = rotating.id AND phone.level = 'rotating'
    LEFT JOIN cards_card AS card ON card.id = COALESCE(printed.card_id, phone.card_id)
    LEFT JOIN cards_spent_code AS spent ON spent.digest = given.digest
"""


def spent_from(row: Sequence[object]) -> Spent:
    """A spent code from terminal, premises, scan and time as a raw statement returns them."""
    terminal_id, premises_id, scan_id, occurred_at = row
    return Spent(
        sets.identifier(terminal_id), sets.identifier(premises_id), sets.identifier(scan_id), sets.moment(occurred_at)
    )


def card_number(by: PersonActor) -> str:
    """The holder's own card number, the newest, opened through the gate. Raises NotFound when there is no card."""
    numbers = Medium.objects.filter(card__person=by.person_id, level=Medium.Level.STATIC)
    medium = numbers.order_by("-id").first()
    if medium is None or medium.sealed_code is None:
        raise NotFound(code="no_card")
    return gate.open_sealed(
        by.person_id,
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

    @property
    def is_blocked(self) -> bool:
        """Whether it is refused everywhere."""
        return self.state == Medium.State.BLOCKED

    @property
    def may_be_used_again(self) -> bool:
        """Only a phone: a number that somebody copied stays blocked."""
        return self.is_blocked and self.kind == Medium.Kind.PHONE


def media_of_person(person_id: UUID) -> list[MediumView]:
    """The person's media, the phone first, then numbers by when they came to be."""
    rows = Medium.objects.filter(card__person=person_id).order_by("kind", "id")
    return [MediumView(row.id, row.kind, row.state, row.since_at) for row in rows]


def describe_person(person_id: UUID) -> dict[str, object]:
    """The person's card and media, for their download; the number itself is exported as the field `card_number`."""
    card = Card.objects.prefetch_related("media").filter(person=person_id).first()
    if card is None:
        return {"card": None}
    return {
        "card": {
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
    }
