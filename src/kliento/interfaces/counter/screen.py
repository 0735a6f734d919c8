"""The till's one screen: waiting, or an answer, with the next code's field always on it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from kliento.domain.entrance.queries import name_at_till
from kliento.domain.recipients.queries import place_of
from kliento.interfaces.counter.asked import askable
from kliento.interfaces.counter.forms import ScanForm
from kliento.interfaces.counter.paired import TillRequest, terminals_in
from kliento.interfaces.counter.preferences import preferences_of
from kliento.interfaces.counter.results import Result
from kliento.kernel.clock import now

LAST_REDEMPTION = "last_redemption"
_TO_REACH_SECONDS = 15  # an answer with something to press stays at least so long


def screen(request: TillRequest, *, result: Result | None = None, form: ScanForm | None = None) -> HttpResponse:
    """The whole page. A form with mistakes is a 400 and shows them; otherwise the field waits for the next code."""
    shown = form or ScanForm.blank()
    if request.headers.get("Sec-Fetch-Dest") == "iframe":  # a page that shows the till would jump to the field
        del shown.fields["code"].widget.attrs["autofocus"]
    preferences = preferences_of(request.session)
    questions = askable(request.terminal) if result is None or result.member_number else []
    page = {
        "place": place_of(request.terminal),
        "preferences": preferences,
        "result": result,
        "questions": questions,
        "stays": _stays(preferences["stays"], to_press=bool(result and (questions or result.holds))),
        "opened": request.opener is not None,
        "opener": name_at_till(request.opener) if request.opener and result is None else "",
        "several_places": len(terminals_in(request)) > 1,
        "last": _last_redemption(request) if result is None else None,
        "form": shown,
        "blank": ScanForm.blank(),
    }
    return render(request, "counter/till.html", page, status=400 if shown.errors else 200)


def _stays(chosen: str, *, to_press: bool) -> str:
    return str(max(int(chosen), _TO_REACH_SECONDS)) if to_press and chosen != "next" else chosen


def _last_redemption(request: TillRequest) -> dict[str, str] | None:
    """What this till redeemed a moment ago and can still undo."""
    last: dict[str, str] | None = request.session.get(LAST_REDEMPTION)
    return last if last and now() < datetime.fromisoformat(last["until"]) else None
