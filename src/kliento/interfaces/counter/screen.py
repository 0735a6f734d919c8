"""The till's one screen: waiting, or an answer, with the next code's field always on it."""

from django.http import HttpResponse
from django.shortcuts import render

from kliento.domain.recipients.queries import place_of
from kliento.interfaces.counter.forms import ScanForm
from kliento.interfaces.counter.paired import TillRequest
from kliento.interfaces.counter.preferences import preferences_of
from kliento.interfaces.counter.results import Result


def screen(request: TillRequest, *, result: Result | None = None, form: ScanForm | None = None) -> HttpResponse:
    """The whole page. A form with mistakes is a 400 and shows them; otherwise the field waits for the next code."""
    shown = form or ScanForm.blank()
    page = {
        "place": place_of(request.terminal),
        "preferences": preferences_of(request.session),
        "result": result,
        "form": shown,
    }
    return render(request, "counter/till.html", page, status=400 if shown.errors else 200)
