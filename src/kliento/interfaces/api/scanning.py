"""Answering `POST /scans`: from a body that was read to the JSON that leaves, whichever way the request came in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kliento.domain.recipients.queries import forget_terminal, let_in
from kliento.domain.visits.actions import NewScan, ScanResult, handed_together, record_together
from kliento.domain.visits.rules import Outcome, clock_is_off
from kliento.interfaces.api.schemas import Scan, Scans, UnreadableScan
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.grouping import HandedIn
from kliento.web.limits import TooManyRequests

Found = TypeVar("Found")
_UNKNOWN_CODES_SECONDS = 60
_COMMAS_OF_FEW = 31  # 16 scans, or 32 pieces of something else
_BYTES_OF_FEW = 8_000


class Asked:
    """A request for scans that was read, and what it is answered."""

    def __init__(self, body: Scans, *, at: datetime) -> None:
        self._body = body
        self._clock_is_off = body.sent_at is not None and clock_is_off(body.sent_at, received_at=at)

    def scans(self) -> list[NewScan]:
        """Those that can be read; none when the terminal's clock is wrong."""
        if self._clock_is_off:
            return []
        return [_new_scan(scan) for scan in self._body.scans if not isinstance(scan, UnreadableScan)]

    def said(self, results: Iterable[ScanResult]) -> bytes:
        """The JSON that leaves. When no scan stands: raises Conflict if an id was used for another one and Invalid
        otherwise; TooManyRequests when every one is to be sent again.
        """
        recorded = iter(results)
        answers = [
            self._not_recorded(scan, place)
            if self._clock_is_off or isinstance(scan, UnreadableScan)
            else _answer(next(recorded), place)
            for place, scan in enumerate(self._body.scans)
        ]
        outcomes = {answer["outcome"] for answer in answers}
        if outcomes == {Outcome.INVALID}:
            raise _nothing_stands(answers)
        if outcomes <= {Outcome.TRY_LATER, Outcome.INVALID}:
            raise TooManyRequests(retry_after_seconds=_UNKNOWN_CODES_SECONDS)
        return json.dumps({"scans": answers}).encode()

    def _not_recorded(self, scan: Scan | UnreadableScan, place: int) -> dict[str, Any]:
        if isinstance(scan, UnreadableScan) and not self._clock_is_off:
            return _unreadable(scan, place)
        return _not_taken(scan.id, Outcome.CLOCK_OFF, _clock_problem(place))


class Tap:
    """A short request for scans as it came: read by whoever records it, and answered there."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = now()

    def scans(self) -> list[NewScan]:
        """Raises ValueError or RecursionError for what is no request for scans."""
        self._asked = Asked(Scans.model_validate(json.loads(self._raw)), at=self._at)
        return self._asked.scans()

    def said(self, results: Iterable[ScanResult]) -> bytes:
        """The JSON that leaves. Raises as `Asked.said` does."""
        return self._asked.said(results)

    def handed(self, *, by: TerminalActor, most: int) -> HandedIn[Any, bytes | Exception]:
        """Hand it in, without waiting; `most` as `most_scans` says. Raises TooMany as `record_together` does.

        Its answer, once its scans are durable, is what `said` says, or the exception with which it or `scans` ended.
        """
        return handed_together(self, by=by, at=self._at, weight=most)


def most_scans(raw: bytes) -> int | None:
    """How many scans there can be at most in a body that is not read yet; None where these may be more than a few.

    Scans are told apart by commas, and each that can be read has one inside.
    """
    commas = raw.count(b",")
    return (commas + 2) // 2 if commas <= _COMMAS_OF_FEW and len(raw) <= _BYTES_OF_FEW else None


def answered_scans(body: Scans, *, secret: str) -> bytes:
    """The answer to these scans of the terminal with this secret, once they are durable.

    Raises NotFound `terminal_unknown` for a terminal that stands no more, and as `Asked.said` does.
    """
    asked = Asked(body, at=now())
    scans = asked.scans()
    return asked.said(_let_in(secret, lambda by: record_together(scans, by=by, at=now()) if scans else []))


def _let_in(secret: str, recorded: Callable[[TerminalActor], Found]) -> Found:
    """A terminal is looked up once and let in; whether it stands now is asked where its scans are recorded."""
    try:
        return recorded(let_in(secret))
    except NotFound:
        forget_terminal(secret)
        return recorded(let_in(secret))  # it may have been moved meanwhile


def _new_scan(scan: Scan) -> NewScan:
    at = scan.occurred_at and scan.occurred_at.astimezone(UTC)
    return NewScan(scan.id, scan.code or "", at, scan.direction or "")


def _answer(result: ScanResult, place: int) -> dict[str, Any]:
    if result.outcome is Outcome.CLOCK_OFF:
        return _not_taken(result.id, result.outcome, _clock_problem(place))
    stamps, problem = result.stamps, result.problem
    return {
        "id": str(result.id),
        "outcome": result.outcome,
        "member_number": result.member_number,
        "visit_id": str(result.visit_id) if result.visit_id else None,
        "first_at": result.first_at.isoformat().replace("+00:00", "Z") if result.first_at else None,
        "values": result.values,
        "stamps": stamps
        and {
            "name": stamps.name,
            "reward": stamps.reward,
            "balance": stamps.balance,
            "needed": stamps.needed,
            "can_redeem": stamps.can_redeem,
        },
        "redeem_with": result.redeem_with or None,
        "problem": problem
        and {"code": problem.code, "detail": _english(problem.detail), "pointer": f"/scans/{place}/id"},
    }


def _clock_problem(place: int) -> dict[str, str]:
    """Why a scan is `clock_off`, and what to do: nothing of it was recorded."""
    detail = _(
        "The terminal’s clock is wrong. Set it by the Date of this answer, or reckon with the difference; correct when"
        " the scan occurred, and send it again under the same id."
    )
    return {"code": "clock_off", "detail": _english(detail), "pointer": f"/scans/{place}/occurred_at"}


def _english(text: object) -> str:
    """As all problems are, whatever language the page had that this thread served before."""
    with override("en"):
        return str(text)


def _unreadable(scan: UnreadableScan, place: int) -> dict[str, Any]:
    pointer, detail = scan.mistakes[0]
    problem = {"code": "scan_unreadable", "detail": detail, "pointer": f"/scans/{place}{pointer}"}
    return _not_taken(scan.id, Outcome.INVALID, problem)


def _not_taken(scan_id: UUID | None, outcome: Outcome, problem: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": str(scan_id) if scan_id else None,
        "outcome": outcome,
        "member_number": None,
        "visit_id": None,
        "first_at": None,
        "values": {},
        "stamps": None,
        "redeem_with": None,
        "problem": problem,
    }


def _nothing_stands(answers: Sequence[Mapping[str, Any]]) -> Conflict | Invalid:
    problems = [answer["problem"] for answer in answers]
    for problem in problems:
        if problem["code"] == "scan_id_reused":
            return Conflict(problem["detail"], code=problem["code"])
    return Invalid(fields={problem["pointer"]: problem["detail"] for problem in problems})
