"""The stamp programme: started, changed and closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.programmes import actions
from kliento.domain.programmes.queries import programme_by
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.rules import PROGRAMME
from kliento.interfaces.partner.addresses import take_only
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.forms.programme import ProgrammeForm, TermsForm
from kliento.interfaces.partner.members import listable
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.reading import label_of, labels_of


@require_safe
@operator_required(Right.RUN_PROGRAMME)
def programme(request: OperatorRequest) -> HttpResponse:
    """The open programme as people see it, or how to start one."""
    take_only(request)
    found = programme_by(request.operator.third_party_id)
    page = {"tab": "programme", "programme": found, "fields": labels_of(found.fields) if found else ""}
    return render(request, "partner/programme.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required(Right.RUN_PROGRAMME)
def new_programme(request: OperatorRequest) -> HttpResponse:
    """Start one."""
    take_only(request)
    form = ProgrammeForm.of(request)
    form.choose_from([(code, label_of(code)) for code in listable(PROGRAMME)])
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            actions.open_programme(fields=said.pop("fields_asked"), **said, by=request.operator, at=now())
        except (Invalid, Conflict) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The programme is open. People find its card on their phones."))
            return redirect("partner:programme")
    return _page(request, "new_programme", form)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required(Right.RUN_PROGRAMME)
def change_programme(request: OperatorRequest) -> HttpResponse:
    """Other terms for everybody who has the card. Which details it takes never changes."""
    take_only(request)
    found = programme_by(request.operator.third_party_id)
    if found is None:
        raise NotFound(code="unknown_programme")
    terms = found.terms
    form = TermsForm.of(
        request,
        name=terms.name,
        reward=terms.reward,
        stamps_needed=terms.stamps_needed,
        most_a_day=terms.most_a_day,
        stamps_last_days=terms.stamps_last_days,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_programme(**form.cleaned_data, by=request.operator, at=now())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The programme is changed."))
            return redirect("partner:programme")
    return _page(request, "change_programme", form)


@require_POST
@operator_required(Right.RUN_PROGRAMME)
def close_programme(request: OperatorRequest) -> HttpResponse:
    """Close it: every card goes out of use, and what it shared ends."""
    require_only(request)
    actions.close_programme(by=request.operator, at=now())
    messages.success(request, _("The programme is closed. Delete what you got for it; the notices are waiting."))
    return redirect("partner:programme")


def _page(request: OperatorRequest, name: str, form: PortalForm) -> HttpResponse:
    page = {"tab": "programme", "form": form}
    return render(request, f"partner/{name}.html", page, status=400 if form.errors else 200)
