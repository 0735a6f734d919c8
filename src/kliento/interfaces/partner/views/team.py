"""Who works here and as what; inviting, changing roles, ending. Owners do this."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.entrance.actions import invite_operator
from kliento.domain.entrance.queries import Named, invited
from kliento.domain.entrance.queries import team as team_of_company
from kliento.domain.recipients import actions
from kliento.domain.recipients.rules import Right
from kliento.interfaces.partner.forms.portal_form import PortalForm
from kliento.interfaces.partner.forms.team import InvitationForm, NameForm, RoleForm
from kliento.interfaces.partner.wording import ROLES
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.limits import Limit, spend

# Letters from one company, and to one address from one company: known addresses and others alike.
INVITATIONS = Limit("partner.invitations", times=30, window_seconds=60 * 60)
INVITATIONS_TO = Limit("partner.invitations_to", times=3, window_seconds=24 * 60 * 60)


@require_safe
@operator_required(Right.MANAGE_TEAM)
def team(request: OperatorRequest) -> HttpResponse:
    """Everybody who works or worked here, and who is invited."""
    people = team_of_company(request.operator)
    page = {
        "tab": "team",
        "current": [(one, ROLES[one.member.role]) for one in people if one.member.ended_at is None],
        "former": [(one, ROLES[one.member.role]) for one in people if one.member.ended_at is not None],
        "invited": [(one, ROLES[one.invitation.role]) for one in invited(request.operator, at=now())],
        "me": request.operator.operator_id,
    }
    return render(request, "partner/team.html", page)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_TEAM)
def invite(request: OperatorRequest) -> HttpResponse:
    """Invite somebody by mail. The answer says the letter is on its way, whoever has that address."""
    form = InvitationForm.of(request)
    if request.method == "POST" and form.is_valid():
        address, company = form.cleaned_data["email"], request.operator.third_party_id
        spend(INVITATIONS, company)
        spend(INVITATIONS_TO, f"{company} {address.casefold()}")
        language = (get_language() or "en")[:2]
        try:
            invite_operator(address, form.cleaned_data["role"], by=request.operator, language=language, at=now())
            messages.success(request, _("The invitation is on its way."))
            return redirect("partner:team")
        except Conflict as refusal:
            form.refuse(refusal)
    return _page(request, "invite", form)


@require_POST
@operator_required(Right.MANAGE_TEAM)
def withdraw(request: OperatorRequest, invitation_id: UUID) -> HttpResponse:
    """The link in the letter opens nothing any more."""
    require_only(request)
    actions.withdraw_invitation(invitation_id, by=request.operator, at=now())
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("partner:team")


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_TEAM)
def role(request: OperatorRequest, operator_id: UUID) -> HttpResponse:
    """Another role for a colleague, or for oneself."""
    who = _colleague(request, operator_id)
    form = RoleForm.of(request, role=who.member.role)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(operator_id, form.cleaned_data["role"], by=request.operator, at=now())
            messages.success(request, _("The role is changed, from the next page on."))
            return redirect("partner:start" if operator_id == request.operator.operator_id else "partner:team")
        except Conflict as refusal:
            form.refuse(refusal)
    return _page(request, "role", form, who=who)


@require_http_methods(["GET", "POST"])
@operator_required(Right.MANAGE_TEAM)
def end(request: OperatorRequest, operator_id: UUID) -> HttpResponse:
    """Somebody works here no more, from the next request on."""
    who = _colleague(request, operator_id)
    form = PortalForm.of(request)
    if request.method == "POST":
        try:
            actions.end_operator(operator_id, by=request.operator, at=now())
            messages.success(request, _("They work here no more."))
            return redirect("partner:start" if operator_id == request.operator.operator_id else "partner:team")
        except Conflict as refusal:
            messages.error(request, str(refusal.message))
            return redirect("partner:team")
    return _page(request, "end_operator", form, who=who)


@require_http_methods(["GET", "POST"])
@operator_required()
def name(request: OperatorRequest) -> HttpResponse:
    """What one's own team reads; any role says its own."""
    form = NameForm.of(request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_oneself(form.cleaned_data["name"], by=request.operator)
            messages.success(request, _("Your team reads that name from now on."))
            return redirect("partner:start")
        except Invalid as refusal:
            form.refuse(refusal)
    return _page(request, "name", form)


def _colleague(request: OperatorRequest, operator_id: UUID) -> Named:
    """Somebody of one's own team who works there now. Raises NotFound for anybody else (R-VIS-3)."""
    for one in team_of_company(request.operator):
        if one.member.operator_id == operator_id and one.member.ended_at is None:
            return one
    raise NotFound(code="operator_unknown")


def _page(request: OperatorRequest, template: str, form: PortalForm, **context: object) -> HttpResponse:
    page = {"tab": "name" if template == "name" else "team", "form": form, **context}
    return render(request, f"partner/{template}.html", page, status=400 if form.errors else 200)
