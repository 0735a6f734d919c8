"""Coming in: for which company, and where to begin."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kliento.domain.recipients.queries import operator_of, stopped_workplaces_of, workplaces_of
from kliento.domain.recipients.rules import Right, may
from kliento.interfaces.partner.forms.places import ChoiceForm
from kliento.interfaces.partner.wording import ROLES
from kliento.web.guards import AccountRequest, OperatorRequest, account_required, operator_required


@require_safe
@operator_required()
def start(request: OperatorRequest) -> HttpResponse:
    """The first page of this role; a till's role has its pages at the till."""
    if may(request.operator.role, Right.SEE_COUNTS):
        return redirect("partner:today")
    return render(request, "partner/start.html", {"tab": "start"})


@require_http_methods(["GET", "POST"])
@account_required
def workplaces(request: AccountRequest) -> HttpResponse:
    """Which of the companies one works for; none is said, too. A choice renews the session's key."""
    form = ChoiceForm.of(request)
    if request.method == "POST" and form.is_valid():
        chosen: UUID = form.cleaned_data["company"]
        operator_of(request.account.account_id, chosen)
        request.session.cycle_key()
        request.session["third_party_id"] = str(chosen)
        return redirect("partner:start")
    listed = [(place, ROLES[place.role]) for place in workplaces_of(request.account.account_id)]
    page = {
        "tab": "workplaces",
        "companies": listed,
        "current": request.session.get("third_party_id"),
        "stopped": stopped_workplaces_of(request.account.account_id),
    }
    return render(request, "partner/workplaces.html", page, status=400 if form.errors else 200)
