"""How a scan is judged. Pure: what is known goes in, an outcome and the person's reason come out.

Order of judgement (a repeat of the same scan was answered before any of this): the clocks, then an unknown code, a
spent one, an old or early one, a person or medium that is not accepted, and last one that is too weak.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from kliento.domain.cards.rules import Freshness, at_least

SAME_VISIT_WITHIN = timedelta(minutes=10)
OFFLINE_SCANS_ACCEPTED = timedelta(days=7)
CLOCK_MAY_BE_AHEAD = timedelta(minutes=2)
UNKNOWN_CODES_A_MINUTE = 30
SCANS_KEPT = timedelta(days=30)
DISPUTED_WITHIN = timedelta(days=30)
CANCELLED_WITHIN = timedelta(minutes=10)
OLD_CODES_LISTED = 3  # in the person's Activity, of a medium at one place a day
MOST_SCANS = 500  # in one request


class Outcome(StrEnum):
    """What the till is told. It never learns why a person is not accepted (R-VIS-8)."""

    IDENTIFIED = "identified"
    NOT_ACCEPTED = "not_accepted"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    TOO_EARLY = "too_early"
    REPLAYED = "replayed"
    CLOCK_OFF = "clock_off"
    TOO_LATE = "too_late"
    TRY_LATER = "try_later"
    UNCLAIMED = "unclaimed"
    TOO_WEAK = "too_weak"
    INVALID = "invalid"
    LEFT = "left"
    NOT_INSIDE = "not_inside"
    RECEIVED = "received"

    @property
    def final(self) -> bool:
        """Whether the same scan is answered so for good. The others may be sent again, under the same id."""
        return self not in (Outcome.CLOCK_OFF, Outcome.TOO_LATE, Outcome.TRY_LATER, Outcome.INVALID)

    @property
    def is_visit(self) -> bool:
        """Whether somebody, known or not, was here by it."""
        return self in (Outcome.IDENTIFIED, Outcome.UNCLAIMED)


class Refusal(StrEnum):
    """Why a card was not accepted: for the person's Activity alone."""

    MEDIUM_BLOCKED = "medium_blocked"
    PERSON_RESTRICTED = "person_restricted"
    NEEDS_CONSENT = "needs_consent"
    TOO_WEAK = "too_weak"
    CODE_OLD = "code_old"
    CODE_USED = "code_used"


@dataclass(frozen=True, slots=True)
class Use:
    """An earlier use of the same rotating code."""

    premises_id: UUID
    occurred_at: datetime


class Facts(NamedTuple):
    """What is known about one scan. `named_at` is the time in its id; `person_state` None: the code leads to nobody.

    `unclaimed`: it leads to a card that is nobody's yet. `reveals_unasked`: a visit here tells about health, union or
    belief, and the person has not agreed to such visits. `strong_enough`: the medium is what is `wanted` here.
    """

    premises_id: UUID
    occurred_at: datetime
    named_at: datetime
    received_at: datetime
    person_state: str | None
    medium_blocked: bool
    freshness: Freshness
    earlier_use: Use | None
    reveals_unasked: bool = False
    unclaimed: bool = False
    strong_enough: bool = True
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome; the reason of a refusal, for the person; when a repeated code was first shown at these premises.

    `wanted`: the level that was asked for where a medium was too weak.
    """

    outcome: Outcome
    refusal: Refusal | None = None
    first_at: datetime | None = None
    wanted: str = ""


def judge(facts: Facts) -> Judgement:
    """The outcome of one scan."""
    if facts.occurred_at > facts.received_at + CLOCK_MAY_BE_AHEAD or (
        facts.named_at > facts.received_at + CLOCK_MAY_BE_AHEAD
    ):
        return Judgement(Outcome.CLOCK_OFF)
    if min(facts.occurred_at, facts.named_at) < facts.received_at - OFFLINE_SCANS_ACCEPTED:
        return Judgement(Outcome.TOO_LATE)
    if not facts.unclaimed and facts.person_state not in ("active", "restricted"):
        return Judgement(Outcome.UNKNOWN)
    if facts.earlier_use is not None:
        return replayed(facts.earlier_use, premises_id=facts.premises_id)
    if facts.freshness is not Freshness.FRESH:
        if facts.freshness is Freshness.EXPIRED:
            return Judgement(Outcome.EXPIRED, refusal=Refusal.CODE_OLD)
        return Judgement(Outcome.TOO_EARLY)
    if facts.medium_blocked:
        return Judgement(Outcome.NOT_ACCEPTED, refusal=Refusal.MEDIUM_BLOCKED)
    if facts.person_state == "restricted":
        return Judgement(Outcome.NOT_ACCEPTED, refusal=Refusal.PERSON_RESTRICTED)
    if facts.reveals_unasked:
        return Judgement(Outcome.NOT_ACCEPTED, refusal=Refusal.NEEDS_CONSENT)
    if not facts.strong_enough:
        return Judgement(Outcome.TOO_WEAK, refusal=Refusal.TOO_WEAK, wanted=facts.wanted)
    return Judgement(Outcome.UNCLAIMED if facts.unclaimed else Outcome.IDENTIFIED)


def clock_is_off(said_at: datetime, *, received_at: datetime) -> bool:
    """Whether a clock that says this when it really is that is of no use for telling when codes were shown."""
    return abs(said_at - received_at) > CLOCK_MAY_BE_AHEAD


def may_hand_in(revoked_at: datetime, *, occurred_at: datetime, named_at: datetime | None, at: datetime) -> bool:
    """Whether a terminal that was revoked may still bring this scan: it had it by then, and not for too long."""
    return (
        occurred_at < revoked_at
        and (named_at is None or named_at <= revoked_at)
        and at <= revoked_at + OFFLINE_SCANS_ACCEPTED
    )


def replayed(use: Use, *, premises_id: UUID) -> Judgement:
    """A code that was used before. Only the premises where that was learn when; tried elsewhere, the person sees it."""
    if use.premises_id == premises_id:
        return Judgement(Outcome.REPLAYED, first_at=use.occurred_at)
    return Judgement(Outcome.REPLAYED, refusal=Refusal.CODE_USED)


def in_same_visit(visit_at: datetime, *, occurred_at: datetime) -> bool:
    """Whether a scan at the same premises belongs to the visit that began at `visit_at`."""
    return abs(occurred_at - visit_at) <= SAME_VISIT_WITHIN


def may_dispute(visit_at: datetime, *, at: datetime) -> bool:
    """Whether it is early enough to say "This wasn't me": later nobody remembers, and the scan is gone."""
    return at - visit_at <= DISPUTED_WITHIN


def may_cancel(visit_at: datetime, *, at: datetime) -> bool:
    """Whether its till may still undo it: whoever scanned the wrong card notices at once."""
    return abs(at - visit_at) <= CANCELLED_WITHIN


def still_there(occurred_at: datetime, *, at: datetime) -> bool:
    """Whether the person still stands at the till. Values are for serving them; an upload of yesterday gets none."""
    return occurred_at > at - SAME_VISIT_WITHIN


def hash_of_body(*, code_index: bytes, occurred_at: datetime | None, direction: str = "") -> bytes:
    """What tells a repeat of a scan from another scan under the same id. Takes the code's index, not the code."""
    said = (occurred_at.isoformat() if occurred_at else "") + direction
    return hashlib.sha256(code_index + said.encode()).digest()


def enough_for_reward(level: str, *, wanted: str) -> bool:
    """Whether a visit in which this was the surest medium shown may have a reward where that one is wanted."""
    return at_least(level or "static", wanted)  # empty: before it was kept, with a phone or a number
