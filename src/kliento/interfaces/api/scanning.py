"""Answering `POST /scans`: from a body that was read to the JSON that leaves, whichever way the request came in."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kliento.domain.recipients.queries import forget_terminal, let_in
from kliento.domain.visits.actions import NewScan, ScanResult, recorded_together
from kliento.domain.visits.rules import Outcome, clock_is_off
from kliento.interfaces.api.schemas import Scan, Scans, UnreadableScan
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.limits import TooManyRequests

_UNKNOWN_CODES_SECONDS = 60


def answered_scans(body: Scans, *, secret: str) -> bytes:
    """The answer to these scans of the terminal with this secret, once they are durable.

    Raises NotFound `terminal_unknown` for a terminal that stands no more; when no scan stands, Conflict if an id was
    used for another one and Invalid otherwise; TooManyRequests when every one is to be sent again.
    """
    if body.sent_at is not None and clock_is_off(body.sent_at, received_at=now()):
        let_in(secret)  # nobody but a terminal is told anything
        off = [_not_taken(scan.id, Outcome.CLOCK_OFF, _clock_problem(place)) for place, scan in enumerate(body.scans)]
        return json.dumps({"scans": off}).encode()
    scans = [_new_scan(scan) for scan in body.scans if not isinstance(scan, UnreadableScan)]
    if not scans:
        unreadable = [scan for scan in body.scans if isinstance(scan, UnreadableScan)]
        raise _nothing_stands([_unreadable(scan, place) for place, scan in enumerate(unreadable)])
    return _recorded(scans, lambda results: _said(body, results), secret=secret)


def _recorded(scans: Sequence[NewScan], said: Callable[[list[ScanResult]], bytes], *, secret: str) -> bytes:
    """A terminal is looked up once and let in; whether it stands now is asked where its scans are recorded."""
    try:
        return recorded_together(scans, by=let_in(secret), at=now(), said=said)
    except NotFound:
        forget_terminal(secret)
        return recorded_together(scans, by=let_in(secret), at=now(), said=said)  # it may have been moved meanwhile


def _said(body: Scans, results: Iterable[ScanResult]) -> bytes:
    recorded = iter(results)
    answers = [
        _unreadable(scan, place) if isinstance(scan, UnreadableScan) else _answer(next(recorded), place)
        for place, scan in enumerate(body.scans)
    ]
    outcomes = {answer["outcome"] for answer in answers}
    if outcomes == {Outcome.INVALID}:
        raise _nothing_stands(answers)
    if outcomes <= {Outcome.TRY_LATER, Outcome.INVALID}:
        raise TooManyRequests(retry_after_seconds=_UNKNOWN_CODES_SECONDS)
    return json.dumps({"scans": answers}).encode()


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
