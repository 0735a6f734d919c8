"""What a stamp card adds up to: what is earned, spent first, given back. Pure.

A lot is what one visit earned, with an end of its own. Whatever takes stamps takes them from the lots that end first.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from kliento.domain.policy.rules import contains_identity_code

MOST_STAMPS_NEEDED = 100
MOST_A_DAY = 20
LONGEST_DAYS = 3650
LONGEST_NAME = 60
LONGEST_REWARD = 120
LONGEST_REASON = 300
REDEEM_WITHIN = timedelta(minutes=30)  # of the visit: the person stands at the till
_NEVER = datetime.max.replace(tzinfo=UTC)
UNDO_WITHIN = timedelta(minutes=10)  # of the redemption: somebody pressed the wrong button


@dataclass(frozen=True, slots=True)
class StampsView:
    """A stamp card as the till and the phone show it."""

    name: str
    reward: str
    balance: int
    needed: int
    can_redeem: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a programme gives for what, as far as stamps are concerned."""

    name: str
    reward: str
    stamps_needed: int
    most_a_day: int
    stamps_last_days: int | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of the stamps that one entry of the ledger added, and until when they are good."""

    entry_id: UUID
    number: int
    left: int
    expires_at: datetime | None = None

    def lives(self, at: datetime) -> bool:
        """Whether anything can still be taken from it."""
        return self.left > 0 and (self.expires_at is None or self.expires_at > at)


class Moved(NamedTuple):
    """A movement as the ledger keeps it, but for whose it is: none of this is ever changed or erased."""

    id: UUID
    membership_id: UUID
    number: int
    kind: str
    amount: int
    balance: int
    at: datetime
    expires_at: datetime | None = None
    reverses: UUID | None = None
    moved_from: UUID | None = None
    visit_id: UUID | None = None
    act_id: UUID | None = None
    terminal_id: UUID | None = None
    operator_id: UUID | None = None

    @property
    def mark(self) -> dict[str, object]:
        """What the entry says that seals it: which movement, and SHA-256, in hex, over its canonical JSON."""
        said = {name: _plainly(value) for name, value in self._asdict().items()}
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return {"ledger": str(self.id), "row": hashlib.sha256(canonical.encode()).hexdigest()}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a membership stands: its programme's terms, its last entry, and on which days how many stamps were earned.

    `gone`: how many of the balance have run out, though the ledger does not say so yet.
    """

    membership_id: UUID
    subject_id: UUID
    terms: Terms
    number: int = 0
    balance: int = 0
    earned_on: tuple[date, ...] = ()
    gone: int = 0

    @property
    def left(self) -> int:
        """The stamps that are not gone."""
        return self.balance - self.gone

    @property
    def view(self) -> StampsView:
        """As it is shown."""
        return view_of(self.terms, self.left)


class Taking(NamedTuple):
    """So much of the lot which that entry added."""

    lot_id: UUID
    amount: int


def obstacles_to_offering(terms: Terms, *, fields: Sequence[str], reason: str) -> dict[str, str]:
    """What stands in the way of offering such a programme: a code for each input at fault."""
    found = {
        **_wrong_text("name", terms.name, longest=LONGEST_NAME),
        **_wrong_text("reward", terms.reward, longest=LONGEST_REWARD),
        **_wrong_number("stamps_needed", terms.stamps_needed, most=MOST_STAMPS_NEEDED),
        **_wrong_number("most_a_day", terms.most_a_day, most=MOST_A_DAY),
    }
    if terms.stamps_last_days is not None:
        found |= _wrong_number("stamps_last_days", terms.stamps_last_days, most=LONGEST_DAYS)
    if fields and not reason:
        found["reason"] = "reason_missing"
    elif len(reason) > LONGEST_REASON:
        found["reason"] = "too_long"
    elif contains_identity_code(reason):
        found["reason"] = "identity_code"
    return found


def view_of(terms: Terms, balance: int) -> StampsView:
    """A card with so many stamps."""
    return StampsView(terms.name, terms.reward, balance, terms.stamps_needed, reached(terms, balance))


def reached(terms: Terms, balance: int) -> bool:
    """Whether the reward can be had."""
    return balance >= terms.stamps_needed


def may_earn(standing: Standing, *, on: date) -> bool:
    """Whether a visit on that day still brings a stamp: no card collects more a day than its programme gives."""
    return standing.earned_on.count(on) < standing.terms.most_a_day


def after_earning(standing: Standing, *, on: date, is_gone: bool = False) -> Standing:
    """How the membership stands with one stamp more; that of a visit told late can be gone already."""
    return Standing(
        membership_id=standing.membership_id,
        subject_id=standing.subject_id,
        terms=standing.terms,
        number=standing.number + 1,
        balance=standing.balance + 1,
        earned_on=(*standing.earned_on, on),
        gone=standing.gone + is_gone,
    )


def end_of_lot(terms: Terms, *, earned_at: datetime) -> datetime | None:
    """When a stamp earned then runs out; None: never."""
    return None if terms.stamps_last_days is None else earned_at + timedelta(days=terms.stamps_last_days)


def first_to_go(lots: Sequence[Lot]) -> list[Lot]:
    """The lots in the order in which they are used: what ends first goes first, of those the oldest."""
    return sorted(lots, key=lambda lot: (lot.expires_at or _NEVER, lot.number))


def taken(lots: Sequence[Lot], amount: int, *, at: datetime) -> list[Taking] | None:
    """From which lots so many stamps are taken; None when there are too few of them."""
    takings = []
    for lot in first_to_go([lot for lot in lots if lot.lives(at)]):
        if amount == 0:
            break
        takings.append(Taking(lot.entry_id, min(lot.left, amount)))
        amount -= takings[-1].amount
    return takings if amount == 0 else None


def run_out(lots: Sequence[Lot], *, at: datetime) -> list[Taking]:
    """What is left of the lots whose time has come."""
    return [Taking(lot.entry_id, lot.left) for lot in lots if lot.left > 0 and not lot.lives(at)]


def given_back(takings: Sequence[Taking], *, reversed_lots: frozenset[UUID]) -> list[Taking]:
    """What undoing a redemption puts back, into the lots it came from and with their own ends.

    A lot that was itself reversed meanwhile gets nothing back.
    """
    return [taking for taking in takings if taking.lot_id not in reversed_lots]


def _wrong_text(field: str, text: str, *, longest: int) -> dict[str, str]:
    if not text:
        return {field: "missing"}
    if contains_identity_code(text):
        return {field: "identity_code"}
    return {field: "too_long"} if len(text) > longest else {}


def _wrong_number(field: str, number: int, *, most: int) -> dict[str, str]:
    return {} if 1 <= number <= most else {field: "out_of_range"}


def _plainly(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value
