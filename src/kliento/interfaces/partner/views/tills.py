"""What the tills of one's company ask: which cards are enough, who opens them; and one's own PIN for that."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kliento.domain.recipients import actions
from kliento.domain.recipients.queries import demands_of, has_pin, own_acts
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.forms.tills import DemandsForm, PinForm, PinsForm
from kliento.interfaces.partner.wording import ACTS, shut_out
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.guards import OperatorRequest, operator_required

OWN_ACTS = 20


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def demands(request: OperatorRequest) -> HttpResponse:
    """The weakest card that is enough to be identified, and to be given a reward."""
    asked = demands_of(request.operator.third_party_id)
    form = DemandsForm.of(request, identify=asked.least_to_identify, redeem=asked.least_to_redeem)
    if request.method == "POST" and form.is_valid():
        actions.demand_levels(**form.cleaned_data, by=request.operator, at=now())
        messages.success(request, _("Your tills ask for that from the next scan on."))
        return redirect("partner:demands")
    out = shut_out(asked.least_to_identify, asked.least_to_redeem)
    return _page(request, "demands", form, shut_out=out)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_PLACES)
def pins(request: OperatorRequest) -> HttpResponse:
    """Whether the tills open for a PIN only."""
    asked = demands_of(request.operator.third_party_id)
    form = PinsForm.of(request, wanted="yes" if asked.pin_wanted else "no")
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wanted"] == "yes"
        try:
            actions.want_pins(wanted=wanted, by=request.operator, at=now())
        except Conflict as refusal:
            form.refuse(refusal)
        else:
            said = _("Your tills ask for a PIN from now on.") if wanted else _("Your tills ask for no PIN from now on.")
            messages.success(request, said)
            return redirect("partner:pins")
    return _page(request, "pins", form, asked=asked, mine=has_pin(request.operator))


@require_http_methods(["GET", "POST"])
@operator_required(Right.USE_TILL)
def pin(request: OperatorRequest) -> HttpResponse:
    """One's own PIN; it is never shown again. And what is kept about whoever uses one (R-STF-4)."""
    form = PinForm.of(request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_pin(form.cleaned_data["pin"], by=request.operator, at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your PIN is set. Tills that were opened with an earlier one are closed."))
            return redirect("partner:pin")
    acts = [(ACTS.get(act.act, act.act), act.at) for act in own_acts(request.operator, limit=OWN_ACTS)]
    return _page(request, "pin", form, mine=has_pin(request.operator), acts=acts)


def _page(request: OperatorRequest, name: str, form: PortalForm, **context: object) -> HttpResponse:
    page = {"tab": "pin" if name == "pin" else "terminals", "form": form, **context}
    return render(request, f"partner/{name}.html", page, status=400 if form.errors else 200)
