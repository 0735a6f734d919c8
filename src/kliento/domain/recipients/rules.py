"""Who may become a recipient, and the shape of the secrets that let a till in. Pure."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from kliento.domain.policy.rules import RecipientKind, in_eea
from kliento.kernel import crockford

_ADEQUACY = "adequacy_decision"
_SAFEGUARDS = frozenset({"standard_contractual_clauses", "binding_corporate_rules"})
MECHANISMS = (_ADEQUACY, *sorted(_SAFEGUARDS))
"""What data may go outside the European Economic Area on (GDPR Art. 45, 46)."""
# What python-stdnum calls them; the first that a country has counts.
_KINDS_OF_BUSINESS_ID = ("businessid", "orgnr", "registrikood", "peid", "vat", "uid", "ein", "bn", "abn", "cn")
PAIRING_CODE_SYMBOLS = 12  # 60 random bits: no need to count wrong guesses
PAIRING_CODE_LIFE = timedelta(hours=24)
INVITATION_LIFE = timedelta(days=7)
FILE_HELD = timedelta(minutes=2)  # without a sign of life; what has crashed keeps nobody waiting longer
_SECRET_PREFIX = "kt_"  # noqa: S105 - lets secret scanners recognise a leaked one
LOGO_COLOURS = 10
LEVELS_DEMANDED = ("uid", "static", "rotating")
"""What a third party can ask of a card at the least, the weakest first; `cards.rules.LEVELS` holds them all."""
PIN_DIGITS = range(4, 9)
_CLOCK_DRIFT = timedelta(minutes=1)  # of a till that was without a network for days
_GUESSES = 5  # in a row; then each costs a wait
_LONGEST_WAIT = 10  # doublings: 1024 minutes
_COLUMNS = frozenset({"0852", "2580"})  # straight up or down the keys


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something may not be done: a stable code and the field at fault."""

    code: str
    field: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """What data goes outside the EEA on: a mechanism, which decision or contract that is, and the day it is from."""

    mechanism: str
    reference: str
    dated: date | None


def open_mechanisms(country: str, kinds: Iterable[RecipientKind]) -> frozenset[str]:
    """What may be recorded for a recipient there that is of all these kinds; nothing where the declaration does not say
    that they may be there.

    An adequacy decision is about the country, so the declaration must name it; the others are contracts with the
    recipient, so they may also be there in its place.
    """
    kinds = tuple(kinds)
    if not kinds or any(not kind.names(country) for kind in kinds):
        return frozenset()
    adequate = all(kind.transfer_mechanism == _ADEQUACY for kind in kinds)
    return _SAFEGUARDS | {_ADEQUACY} if adequate else _SAFEGUARDS


def is_open(country: str, mechanism: str, kinds: Iterable[RecipientKind]) -> bool:
    """Whether data may go now to a recipient there that is of all these kinds, on what is recorded for it (R-TRF-1)."""
    kinds = tuple(kinds)
    if in_eea(country):
        return all(kind.names(country) for kind in kinds)
    return mechanism in open_mechanisms(country, kinds)


def obstacle_to_adding(
    *, name: str, country: str, business_id: str, kinds: Collection[RecipientKind] = ()
) -> Obstacle | None:
    """What is wrong with a new third party that would be of these kinds, if anything (R-TRF-1)."""
    if not name.strip():
        return Obstacle("name_missing", "name")
    if not in_eea(country) and not open_mechanisms(country, kinds):
        return Obstacle("country_outside_eea", "country")
    if not all(kind.names(country) for kind in kinds):
        return Obstacle("country_not_declared", "country")
    if normal_business_id(business_id, country=country) is None:
        return Obstacle("business_id_invalid", "business_id")
    return None


def obstacle_to_approving(
    *,
    country: str,
    arrangement: str,
    signed_on: date | None,
    transfer: Transfer | None = None,
    kinds: Collection[RecipientKind] = (),
    today: date,
) -> Obstacle | None:
    """What stands in the way of approval, if anything.

    No role arrangement, no approval (R-VIS-6); outside the EEA none without a transfer mechanism that is open there
    (R-TRF-1), and inside none with one: there is no transfer.
    """
    if in_eea(country):
        if transfer is not None:
            return Obstacle("transfer_not_needed", "transfer_mechanism")
        if not all(kind.names(country) for kind in kinds):
            return Obstacle("country_not_declared", "country")
    elif abroad := _obstacle_to_transfer(transfer, mechanisms=open_mechanisms(country, kinds), today=today):
        return abroad
    if not arrangement.strip():
        return Obstacle("arrangement_missing", "arrangement")
    if signed_on is None or signed_on > today:
        return Obstacle("arrangement_unsigned", "arrangement_signed_on")
    return None


def _obstacle_to_transfer(transfer: Transfer | None, *, mechanisms: Collection[str], today: date) -> Obstacle | None:
    if not mechanisms:
        return Obstacle("country_outside_eea", "country")
    if transfer is None or transfer.mechanism not in MECHANISMS:
        return Obstacle("transfer_mechanism_missing", "transfer_mechanism")
    if transfer.mechanism not in mechanisms:
        return Obstacle("adequacy_not_declared", "transfer_mechanism")
    if not transfer.reference.strip():
        return Obstacle("transfer_reference_missing", "transfer_reference")
    if transfer.dated is None or transfer.dated > today:
        return Obstacle("transfer_undated", "transfer_dated")
    return None


def normal_business_id(business_id: str, *, country: str) -> str | None:
    """The business ID as its country writes it; None when its check digits or shape are wrong."""
    for kind in _KINDS_OF_BUSINESS_ID:
        number = get_cc_module(country.lower(), kind)
        if number is None:
            continue
        try:
            valid = number.validate(business_id)
        except ValidationError:
            continue
        return str(number.format(valid)) if hasattr(number, "format") else str(valid)
    return None


def colour_of(business_id: str) -> int:
    """The colour of the round logo, 0 to 9; the same business gets the same one in every instance."""
    return hashlib.sha256(business_id.encode()).digest()[0] % LOGO_COLOURS


def initials_of(name: str) -> str:
    """Up to two letters for the round logo."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def new_token() -> str:
    """What an invitation's link carries: 128 random bits."""
    return secrets.token_hex(16)


def new_pairing_code() -> str:
    """A one-time code in groups of four, for reading aloud."""
    symbols = crockford.random_symbols(PAIRING_CODE_SYMBOLS)
    return "-".join(symbols[start : start + 4] for start in range(0, PAIRING_CODE_SYMBOLS, 4))


def hash_of_code(code: str) -> bytes:
    """What stands in the database for a pairing code, however it was typed."""
    return hashlib.sha256(crockford.tidied(code).encode()).digest()


def new_secret() -> str:
    """A terminal's secret: 128 random bits."""
    return _SECRET_PREFIX + secrets.token_hex(16)


def hash_of_secret(secret: str) -> bytes:
    """What stands in the database for a secret of 128 random bits. No slow hash: they cannot be searched."""
    return hashlib.sha256(secret.encode()).digest()


class Right(StrEnum):
    """What an operator may do for their third party in the portal or at a till."""

    SEE_COUNTS = "see_counts"
    SEE_VISITS = "see_visits"
    SEE_MEMBERS = "see_members"
    ASK_MEMBERS = "ask_members"
    ANSWER_NOTICES = "answer_notices"
    RUN_PROGRAMME = "run_programme"
    MANAGE_PLACES = "manage_places"
    MANAGE_TEAM = "manage_team"
    SEE_AUDIT = "see_audit"
    USE_TILL = "use_till"


ROLES = ("owner", "manager", "till", "analyst")
_RIGHTS = {
    "owner": frozenset(Right),
    "manager": frozenset(Right) - {Right.MANAGE_TEAM, Right.SEE_AUDIT},
    "till": frozenset({Right.USE_TILL}),
    "analyst": frozenset({Right.SEE_COUNTS}),
}
_FORMER_NAMES = {"cashier": "till"}  # what the previous version may still write
# Their reference is a member's number.
ACTS_ON_MEMBERS = frozenset({"member_asked", "deletion_confirmed", "deletion_taken_back"})
# What visits to flagged premises tell about people (R-VIS-7, GDPR Art. 9).
REVEALS = ("health", "union", "belief")
# What a third party is approved for unless the register holder says otherwise.
USUAL_PURPOSES = ("identification", "serving", "programme")


def may(role: str, right: Right) -> bool:
    """Whether this role holds this right; a role that is not known holds none."""
    return right in _RIGHTS.get(role, frozenset())


def role_read(stored: str) -> str:
    """The role by the name it has now."""
    return _FORMER_NAMES.get(stored, stored)


def roles_with(right: Right) -> tuple[str, ...]:
    """The roles that hold this right, as they may be stored."""
    return tuple(role for role in (*ROLES, *_FORMER_NAMES) if may(role_read(role), right))


def too_easy(pin: str) -> bool:
    """Whether a thief tries this PIN among the first: one digit or a short pattern again and again, digits in a row or
    straight down the keys, a year."""
    return (
        any(pin == (pin[:size] * len(pin))[: len(pin)] for size in range(1, len(pin) // 2 + 1))
        or pin in "01234567890123"
        or pin in "98765432109876"
        or pin in _COLUMNS
        or (len(pin) == len("1999") and pin[:2] in {"19", "20"})
    )


def is_pin(typed: str) -> bool:
    """Whether it has the form of a PIN: four to eight digits and nothing else."""
    return len(typed) in PIN_DIGITS and typed.isascii() and typed.isdigit()


def wait_after(failures: int) -> timedelta | None:
    """How long an operator is shut out once so many wrong PINs in a row were tried: from the fifth on 1, 2, 4 ...
    minutes, up to 17 hours; None before."""
    if failures < _GUESSES:
        return None
    return timedelta(minutes=2 ** min(failures - _GUESSES, _LONGEST_WAIT))


def mark_of(pin_hash: str) -> str:
    """What a till remembers of the PIN it was opened with, so that a changed PIN closes it. Says nothing of the PIN."""
    return hashlib.sha256(pin_hash.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Whose shift it was, from when until when; None: it goes on."""

    operator_id: UUID
    began_at: datetime
    ended_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether it went on at that moment, as exactly as a till's clock can say without a network."""
        return self.began_at - _CLOCK_DRIFT <= at and (self.ended_at is None or at <= self.ended_at + _CLOCK_DRIFT)
