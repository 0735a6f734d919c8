"""What the till's own scripts ask: what it needs to go on without a network, and to take in what waited meanwhile."""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.cards.queries import public_code_key, public_sealing_key, unsealed
from kliento.domain.recipients.queries import place_of, shifts_at
from kliento.domain.visits.actions import NewScan, record_together
from kliento.domain.visits.rules import MOST_SCANS, Outcome
from kliento.interfaces.counter.forms import moment_of
from kliento.interfaces.counter.paired import TillRequest, handing_in_required
from kliento.interfaces.counter.preferences import DIRECTIONS, preferences_of
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from kliento.web.forms import require_only

_KEYS = {"id", "sealed", "occurred_at"}
_MAY_SAY = _KEYS | {"direction"}  # what waited since before there was one has none


class _Waited(NamedTuple):
    """A scan that waited, when it was made, and in which shift, if it says so."""

    scan: NewScan
    occurred_at: datetime
    shift_id: UUID | None


@require_safe
@handing_in_required
def state(request: TillRequest) -> HttpResponse:
    """What this till is, the keys it checks and seals with, where its block list is, and the time; nobody's values.

    A locked till is told as much: it may still hand in what waited, and stays locked without a network. A disconnected
    one is told that it is, and what it needs to hand in what it had (threat 26).
    """
    if request.terminal.revoked_at is not None:
        return JsonResponse({"at": _said_now(), "disconnected": True, "token": get_token(request)})
    place = place_of(request.terminal)
    return JsonResponse(
        {
            "at": _said_now(),
            "terminal_id": request.terminal.terminal_id,
            "premises_id": request.terminal.premises_id,
            "place": f"{place.third_party} · {place.premises} · {place.terminal}",
            "code_key": base64.b64encode(public_code_key()).decode(),
            "sealing_key": base64.b64encode(public_sealing_key()).decode(),
            "block_list": reverse("counter:block_list"),
            "settings": reverse("counter:settings"),
            "end_shift": reverse("counter:end_shift"),
            "shift": request.shift_id,
            "locked": request.locked,
            "counts_stays": request.terminal.counts == "stays",
            "preferences": preferences_of(request.session),
            "token": get_token(request),
        }
    )


@require_POST
@handing_in_required
def scans(request: TillRequest) -> HttpResponse:
    """Take in scans that waited; each answer is its outcome and nothing else: nobody stands there any more.

    A disconnected till reads `received` for what it had until then, and `invalid` for what came later. A locked one,
    which anybody may hold in their hands, reads `received` as well: it is no way to try codes (threats 26, 30). Each is
    noted for whoever was on duty when it was made, never for whoever is now (R-STF-4).
    """
    require_only(request, "scans", "premises_id")
    sent = _sent(request.POST.get("scans", ""))
    opened = [waited for scan_id, each in sent.items() if (waited := _opened(scan_id, each)) is not None]
    outcomes = dict.fromkeys(sent, Outcome.INVALID)
    for operator_id, ready in _in_shifts(opened, at=request.terminal):
        outcomes |= _recorded(ready, by=replace(request.terminal, operator_id=operator_id))
    if request.locked:
        outcomes = {scan_id: Outcome.RECEIVED if each.final else each for scan_id, each in outcomes.items()}
    return JsonResponse({"scans": [{"id": scan_id, "outcome": outcome} for scan_id, outcome in outcomes.items()]})


def _said_now() -> str:
    return now().isoformat(timespec="milliseconds")


def _in_shifts(opened: Sequence[_Waited], *, at: TerminalActor) -> list[tuple[UUID | None, list[NewScan]]]:
    """The scans as they were made, the earliest first, those under the same operator together; None: nobody was on
    duty, or in a shift that was not there then. Whoever came in one shift and left in the next came first."""
    named = {waited.shift_id for waited in opened if waited.shift_id is not None}
    shifts = shifts_at(at.terminal_id, named) if named else {}

    def operator_of(waited: _Waited) -> UUID | None:
        shift = shifts.get(waited.shift_id) if waited.shift_id else None
        return shift.operator_id if shift and shift.covers(waited.occurred_at) else None

    made = sorted(opened, key=lambda waited: waited.occurred_at)
    return [(operator_id, [each.scan for each in run]) for operator_id, run in groupby(made, key=operator_of)]


def _recorded(ready: Sequence[NewScan], *, by: TerminalActor) -> dict[UUID, Outcome]:
    """The outcomes by id; none of scans that all came after the till was disconnected."""
    try:
        return {answer.id: answer.outcome for answer in record_together(ready, by=by, at=now())}
    except NotFound:
        if by.revoked_at is None:
            raise
        return {}


def _opened(scan_id: UUID, sent: dict[str, Any]) -> _Waited | None:
    """What was sealed: the code and, on a line of its own, the shift in which it was read."""
    said, occurred_at = unsealed(scan_id, str(sent["sealed"])), moment_of(sent["occurred_at"])
    if said is None or occurred_at is None:
        return None
    code, _line, shift_id = said.partition("\n")
    scan = NewScan(scan_id, code, occurred_at, sent.get("direction", ""))
    return _Waited(scan, occurred_at, _id_or_none(shift_id))


def _id_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sent(text: str) -> dict[UUID, dict[str, Any]]:
    """The scans by their ids. Raises Invalid for what our own scripts would not send."""
    try:
        listed = json.loads(text)
        well_formed = isinstance(listed, list) and 1 <= len(listed) <= MOST_SCANS and all(map(_is_ours, listed))
        found = {UUID(str(each["id"])): each for each in listed} if well_formed else {}
    except (ValueError, TypeError):
        found = {}
    if not found:
        raise Invalid(_("This form does not take that."), code="not_understood")
    return found


def _is_ours(sent: Any) -> bool:
    has_our_keys = isinstance(sent, dict) and _KEYS <= set(sent) <= _MAY_SAY
    return has_our_keys and sent.get("direction", "") in DIRECTIONS.values()
