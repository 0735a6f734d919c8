"""Premises, their terminals, and codes that pair one."""

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kliento.domain.recipients import actions
from kliento.domain.recipients.queries import PairedTerminal, PremisesView, demands_of, premises_of, terminals_of
from kliento.domain.recipients.rules import PAIRING_CODE_LIFE, Right
from kliento.domain.visits.queries import last_scans
from kliento.domain.visits.rules import OFFLINE_SCANS_ACCEPTED
from kliento.interfaces.partner.forms.places import PremisesForm
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.forms.tills import CountingForm
from kliento.interfaces.partner.wording import LEVELS, REVEALS
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.limits import Limit, spend

CODES = Limit("partner.pairing_codes", times=60, window_seconds=60 * 60)


@require_safe
@operator_required(Right.MANAGE_PLACES)
def premises(request: OperatorRequest) -> HttpResponse:
    """Every place of the company, flagged ones said to be so."""
    places = [(place, REVEALS.get(place.reveals, "")) for place in premises_of(request.operator.third_party_id)]
    return render(request, "partner/premises.html", {"tab": "premises", "places": places})


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def add(request: OperatorRequest) -> HttpResponse:
    """One more place."""
    form = PremisesForm.of(request)
    if request.method == "POST" and form.is_valid():
        try:
            company = request.operator.third_party_id
            actions.add_premises(company, form.cleaned_data["name"], by=request.operator, at=now())
            messages.success(request, _("The premises are added. Pair a terminal there next."))
            return redirect("partner:premises")
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
    return _page(request, "add_premises", form)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def rename(request: OperatorRequest, premises_id: UUID) -> HttpResponse:
    """Another name for a place."""
    place = _place(request, premises_id)
    form = PremisesForm.of(request, name=place.name)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_premises(premises_id, form.cleaned_data["name"], by=request.operator, at=now())
            messages.success(request, _("The name is changed."))
            return redirect("partner:premises")
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
    return _page(request, "rename_premises", form, place=place)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def counting(request: OperatorRequest, premises_id: UUID) -> HttpResponse:
    """Whether cards are shown on the way out of a place, too."""
    place = _place(request, premises_id)
    form = CountingForm.of(request, counts="stays" if place.stays else "visits")
    if request.method == "POST" and form.is_valid():
        stays = form.cleaned_data["counts"] == "stays"
        actions.count_stays(premises_id, stays=stays, by=request.operator, at=now())
        messages.success(request, _("The tills there know it from the next page on."))
        return redirect("partner:premises")
    return _page(request, "counting", form, place=place)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def pair(request: OperatorRequest, premises_id: UUID) -> HttpResponse:
    """A one-time code for these premises, shown in the answer to the button and never again."""
    place = _place(request, premises_id)
    form = PortalForm.of(request)
    address = f"{settings.KLIENTO_URL}{reverse('counter:pair')}"
    picture = segno.make(address, error="m").svg_data_uri(border=4, light="#fff")
    page: dict[str, object] = {"place": place, "counter": address, "picture": picture}
    if request.method == "POST":
        spend(CODES, request.operator.third_party_id)
        at = now()
        page["code"] = actions.make_pairing_code(premises_id, by=request.operator, at=at)
        page["expires_at"] = at + PAIRING_CODE_LIFE
    return _page(request, "pairing", form, **page)


@require_safe
@operator_required(Right.MANAGE_PLACES)
def terminals(request: OperatorRequest) -> HttpResponse:
    """Every terminal of the company, with when it last scanned a card."""
    listed = terminals_of(request.operator.third_party_id)
    seen = last_scans([terminal.id for terminal in listed])
    rows = [(terminal, seen.get(terminal.id)) for terminal in listed]
    asked = demands_of(request.operator.third_party_id)
    page = {"tab": "terminals", "terminals": rows, "asked": asked, "enough": LEVELS[asked.least_to_identify]}
    return render(request, "partner/terminals.html", page)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def revoke(request: OperatorRequest, terminal_id: UUID) -> HttpResponse:
    """A terminal is shut out from its next request on; asked once more, with which it is and what may wait there."""
    require_only(request)
    if request.method != "POST":
        terminal = _terminal(request, terminal_id)
        seen = last_scans([terminal_id]).get(terminal_id)
        page = {"tab": "terminals", "terminal": terminal, "seen": seen, "days": OFFLINE_SCANS_ACCEPTED.days}
        return render(request, "partner/disconnect.html", page)
    actions.revoke_terminal(terminal_id, by=request.operator, at=now())
    messages.success(request, _("The terminal is disconnected. It can do nothing any more."))
    return redirect("partner:terminals")


def _terminal(request: OperatorRequest, terminal_id: UUID) -> PairedTerminal:
    """A terminal of one's own company. Raises NotFound for those of others (R-VIS-3)."""
    own = {terminal.id: terminal for terminal in terminals_of(request.operator.third_party_id)}
    if terminal_id not in own:
        raise NotFound(code="terminal_unknown")
    return own[terminal_id]


def _place(request: OperatorRequest, premises_id: UUID) -> PremisesView:
    """A place of one's own company. Raises NotFound for those of others (R-VIS-3)."""
    own = {place.id: place for place in premises_of(request.operator.third_party_id)}
    if premises_id not in own:
        raise NotFound(code="premises_unknown")
    return own[premises_id]


def _page(request: OperatorRequest, name: str, form: PortalForm, **context: object) -> HttpResponse:
    page = {"tab": "premises", "form": form, **context}
    return render(request, f"partner/{name}.html", page, status=400 if form.errors else 200)
