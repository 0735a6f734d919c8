"""Finding cards by what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from kliento.domain.cards import rules
from kliento.domain.cards.models import Medium
from kliento.domain.vault import actions as vault
from kliento.kernel import sets
from kliento.kernel.statements import Statement, ask


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
    """The medium behind a code that was shown. Its subject is the card's person, or an unregistered card itself."""

    card_id: UUID
    medium_id: UUID
    subject_id: UUID
    level: str
    blocked: bool
    spent: Spent | None

    @property
    def is_unregistered(self) -> bool:
        """Whether the card has no person."""
        return self.subject_id == self.card_id


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
    rows = ask(Statement(_MEDIA.format(given=table), parameters, list))
    for place, card_id, medium_id, subject_id, level, state, *spent in rows:
        if card_id is not None:
            found[place] = Presented(
                card_id=sets.identifier(card_id),
                medium_id=sets.identifier(medium_id),
                subject_id=sets.identifier(subject_id),
                level=level,
                blocked=state != Medium.State.ACTIVE,
                spent=None if spent[0] is None else spent_from(spent),
            )
    return found


_MEDIA = """
    SELECT given.place, card.id, COALESCE(printed.id, phone.id), COALESCE(card.person_id, card.id),
           COALESCE(printed.level, phone.level), COALESCE(printed.state, phone.state),
           spent.terminal_id, spent.premises_id, spent.scan_id, spent.occurred_at
    FROM {given} AS given
    LEFT JOIN cards_medium AS printed ON printed.code_index = given.code_index
    LEFT JOIN cards_card AS rotating ON rotating.ordinal = given.ordinal
    LEFT JOIN cards_medium AS phone ON phone.card_id = rotating.id AND phone.kind = 'phone'
    LEFT JOIN cards_card AS card ON card.id = COALESCE(printed.card_id, phone.card_id)
    LEFT JOIN cards_spent_code AS spent ON spent.digest = given.digest
"""


def spent_from(row: Sequence[object]) -> Spent:
    """A spent code from terminal, premises, scan and time as a raw statement returns them."""
    terminal_id, premises_id, scan_id, occurred_at = row
    return Spent(
        sets.identifier(terminal_id), sets.identifier(premises_id), sets.identifier(scan_id), sets.moment(occurred_at)
    )


_CHANGED = """
    SELECT given.medium_id AS medium_id
    FROM given
    LEFT JOIN cards_medium AS medium ON medium.id = given.medium_id
    WHERE given.medium_id IS NOT NULL
      AND (medium.card_id = given.card_id AND (medium.state <> 'active') = given.blocked) IS NOT TRUE
"""
CHANGED = {"sqlite": "SELECT NULL AS medium_id WHERE FALSE", "postgresql": _CHANGED}
"""By engine: a row (medium_id) for each medium that does not stand as `media_of` found it: it is another card's by now,
was blocked or unblocked, or is gone.

Part of a statement behind the locks, for the columns medium_id, card_id and blocked of a table `given` around it. No
parameters. On SQLite the transaction itself is the lock, and nothing can have changed.
"""
