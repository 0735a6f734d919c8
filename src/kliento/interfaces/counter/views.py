"""Pairing, and the till. The session holds the terminal's id; its secret is needed by nobody here and kept nowhere."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.recipients.actions import pair_terminal
from kliento.domain.recipients.queries import paired_terminal, place_of
from kliento.domain.visits.actions import NewScan, ScanResult, record_scans
from kliento.interfaces.counter.forms import PairingForm, ScanForm
from kliento.interfaces.counter.results import result_of
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id
from kliento.web.forms import require_only
from kliento.web.limits import Limit, address_of, spend

PAIRINGS = Limit("counter.pairing", times=20, window_seconds=60)
_TERMINAL = "terminal_id"


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
            form.add_error("code", str(error.message))
        else:
            request.session.cycle_key()
            request.session[_TERMINAL] = str(terminal.id)
            return redirect("counter:till")
    return render(request, "counter/pair.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def till(request: HttpRequest) -> HttpResponse:
    """Wait for a code; answer one."""
    require_only(request, *ScanForm.base_fields)
    try:
        terminal = paired_terminal(UUID(str(request.session[_TERMINAL])))
    except KeyError:
        return redirect("counter:pair")
    except NotFound:
        request.session.flush()
        messages.error(request, _("This till was disconnected. Pair it again with a new code."))
        return redirect("counter:pair")
    form = ScanForm(request.POST) if request.method == "POST" else ScanForm.blank()
    page: dict[str, Any] = {"place": place_of(terminal)}
    if request.method == "POST" and form.is_valid():
        page["result"] = result_of(_scanned(form.cleaned_data["scan_id"], form.cleaned_data["code"], by=terminal))
        form = ScanForm.blank()
    return render(request, "counter/till.html", {**page, "form": form}, status=400 if form.errors else 200)


def _scanned(scan_id: UUID, code: str, *, by: TerminalActor) -> ScanResult:
    try:
        return record_scans([NewScan(scan_id, code)], by=by, at=now())[0]
    except Conflict:
        # Somebody went back to an old form and scanned another card there: that is another scan.
        return record_scans([NewScan(new_id(), code)], by=by, at=now())[0]
