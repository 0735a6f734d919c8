"""The till's one screen: waiting, or an answer, with the next code's field always on it."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from kliento.domain.entrance.queries import name_at_till
from kliento.domain.recipients.queries import place_of
from kliento.interfaces.counter.asked import askable
from kliento.interfaces.counter.forms import DIGITS, LETTERS, KeypadForm, ScanForm
from kliento.interfaces.counter.paired import TillRequest, terminals_in
from kliento.interfaces.counter.preferences import PreferencesForm, preferences_of
from kliento.interfaces.counter.results import Result
from kliento.kernel.clock import now

LAST_REDEMPTION, LAST_SCAN = "last_redemption", "last_scan"
UNDONE_AT_A_PLACE = (LAST_REDEMPTION, LAST_SCAN)
"""What can be undone, in the session: it belongs to the place and the shift in which it was done."""
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
        "stays": _stays(preferences["stays"], result, asks=bool(questions)),
        "opened": request.opener is not None,
        "shift_id": request.shift_id,
        "opener": name_at_till(request.opener) if request.opener and result is None else "",
        "several_places": len(terminals_in(request)) > 1,
        "last": _still(request, LAST_REDEMPTION) if result is None else None,
        "last_scan": _still(request, LAST_SCAN) if result is None else None,
        "all_ways": ways(preferences["way"]),
        "counts_stays": request.terminal.counts == "stays",
        "form": shown,
        "blank": ScanForm.blank(),
    } | own_screens(preferences)
    return render(request, "counter/till.html", page, status=400 if shown.errors else 200)


def own_screens(preferences: dict[str, str]) -> dict[str, object]:
    """What the page needs for the screens that ask no server."""
    form = PreferencesForm(initial=preferences)
    return {"keypad_form": KeypadForm.blank(), "digits": DIGITS, "letters": LETTERS, "settings_form": form}


def _stays(chosen: str, result: Result | None, *, asks: bool) -> str:
    """For how many seconds, or `next`: until somebody goes on."""
    if chosen == "next" or (result and result.claim_code):
        return "next"
    return str(max(int(chosen), _TO_REACH_SECONDS)) if result and (asks or result.holds or result.wants) else chosen


def _still(request: TillRequest, name: str) -> dict[str, str] | None:
    """What this till did a moment ago and can still undo."""
    last: dict[str, str] | None = request.session.get(name)
    return last if last and now() < datetime.fromisoformat(last["until"]) else None


def ways(chosen: str) -> list[tuple[str, str, bool]]:
    """The ways people can go past this till, each with its name and whether it is chosen."""
    return [(code, str(name), code == chosen) for code, name in PreferencesForm.base_fields["way"].choices]  # type: ignore[attr-defined]
