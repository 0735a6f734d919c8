"""Pairing: a browser becomes a terminal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.recipients.actions import pair_terminal
from kliento.interfaces.counter.forms import PairingForm
from kliento.interfaces.counter.paired import is_stopped_here, remember
from kliento.interfaces.counter.screen import UNDONE_AT_A_PLACE
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.forms import require_only
from kliento.web.limits import Limit, address_of, spend

PAIRINGS = Limit("counter.pairing", times=20, window_seconds=60)


@never_cache
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """Turn this browser into a terminal with a one-time code."""
    require_only(request, *PairingForm.base_fields)
    form = PairingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        spend(PAIRINGS, address_of(request))
        try:
            terminal, _secret = pair_terminal(form.cleaned_data["code"], name=form.cleaned_data["name"], at=now())
        except Invalid as error:
            form.add_error("name" if error.pointer == "name" else "code", str(error.message))
        else:
            remember(request, terminal.id)
            for name in UNDONE_AT_A_PLACE:
                request.session.pop(name, None)
            return redirect("counter:till")
    stopped = is_stopped_here(request)
    page = {"form": form, "stopped": stopped, "disconnected": not stopped and "disconnected" in request.GET}
    return render(request, "counter/pair.html", page, status=400 if form.errors else 200)
