"""One device at several premises of a company: which one it stands at now."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kliento.domain.recipients.queries import places_of
from kliento.interfaces.counter.forms import PlaceForm, understood
from kliento.interfaces.counter.paired import TillRequest, go_to, terminal_required, terminals_in
from kliento.interfaces.counter.screen import UNDONE_AT_A_PLACE
from kliento.web.forms import require_only


@require_http_methods(["GET", "POST"])
@terminal_required
def places(request: TillRequest) -> HttpResponse:
    """Every place this device is paired at; a press stands at another one."""
    require_only(request, *PlaceForm.base_fields)
    if request.method == "POST":
        go_to(request, understood(PlaceForm(request.POST))["premises_id"])
        for name in UNDONE_AT_A_PLACE:
            request.session.pop(name, None)
        return redirect("counter:till")
    known = places_of(UUID(each) for each in terminals_in(request).values())
    page = {
        "places": known,
        "current": request.terminal.premises_id,
        "disconnected": "disconnected" in request.GET,
    }
    return render(request, "counter/places.html", page)
