"""What a till is told: the answer to a scan, a loyalty card's stamps, and what can go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

QUEUED = "queued"
"""The outcome of a scan that is safe on this till's disk and was not answered yet."""
AGAIN = frozenset({"try_later", "clock_off"})
"""Outcomes of scans that were not recorded: the same may be sent later. Every other one is final."""


class TillError(Exception):
    """The root of what this package raises."""


class Unreachable(TillError):
    """Nobody answered, or not as Kliento does. It may have been recorded all the same: repeat it under the same id."""


class NotNow(TillError):
    """Nothing was done; the same is welcome in `retry_after_seconds`."""

    def __init__(self, code: str, *, retry_after_seconds: float | None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_seconds = retry_after_seconds


class Refused(TillError):
    """The service says no, and why: `status`, a stable `code` for programs, `detail` for people."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(f"{status} {code}" + (f": {detail}" if detail else ""))
        self.status = status
        self.code = code
        self.detail = detail


class Disconnected(Refused):
    """The service does not know this terminal, or no more: pair it again. What waits stays in the queue."""


class NotKept(TillError):
    """The disk did not take the scan, so nothing is promised: show the card again, or write it down."""


class QueueInUse(TillError):
    """Another program has this queue open."""


class QueueOfAnother(TillError):
    """Scans of another terminal wait in this queue: hand them in with its secret first."""


class NeedsOffline(TillError):
    """Install `kliento-till[offline]`: a queue is sealed, and that takes the package `cryptography`."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """The person's loyalty card of this company. `can_redeem`: there are enough stamps for the reward."""

    name: str
    reward: str
    balance: int
    needed: int
    can_redeem: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a scan was not taken in: `code` for programs, `detail` for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one scan: `outcome` as in docs/api.md, or `queued`.

    A queued one carries `verdict`, what the till could tell by itself: `genuine`, `unchecked`, `blocked`, `used`,
    `expired`, `too_early` or `not_ours` (see `judging`). Never greet anybody by that.

    `redeem_with`: the weakest kind of card to show in this visit before its reward is handed out; None: no surer one.
    """

    id: UUID
    outcome: str
    member_number: str | None = None
    visit_id: UUID | None = None
    first_at: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    stamps: Stamps | None = None
    problem: Problem | None = None
    verdict: str = ""
    redeem_with: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether the same scan is answered so for good."""
        return self.outcome != QUEUED and self.outcome not in AGAIN


@dataclass(frozen=True, slots=True)
class Member:
    """What a member shares of what was asked for. `withheld` names the rest; never why."""

    number: str
    values: Mapping[str, str] = field(repr=False)
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """For whoever holds an unregistered card: works once."""

    code: str = field(repr=False)
    expires_at: datetime


def answer_from(said: Mapping[str, Any]) -> Answer:
    """The answer as the API writes it. Raises KeyError, TypeError or ValueError where it is none."""
    problem, first_at, visit_id = said.get("problem"), said.get("first_at"), said.get("visit_id")
    return Answer(
        id=UUID(said["id"]),
        outcome=str(said["outcome"]),
        member_number=said.get("member_number"),
        visit_id=UUID(visit_id) if visit_id else None,
        first_at=datetime.fromisoformat(first_at) if first_at else None,
        values=dict(said.get("values") or {}),
        stamps=stamps_from(said["stamps"]) if said.get("stamps") else None,
        problem=Problem(problem["code"], problem["detail"]) if problem else None,
        redeem_with=said.get("redeem_with"),
    )


def stamps_from(said: Mapping[str, Any]) -> Stamps:
    """A loyalty card as the API writes it."""
    return Stamps(said["name"], said["reward"], said["balance"], said["needed"], said["can_redeem"])
