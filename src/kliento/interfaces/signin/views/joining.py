"""Joining a company's team by a mailed link. Following the link changes nothing: a mail program may do it, too.

The link's secret goes into the session and out of the address at once, so that no history and no log keeps it. Whoever
answers it with a new account is told when the invited address has one: the link went to that mailbox (decision 19).
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.accounts.rules.secrets import Secret
from kliento.domain.entrance.actions import join_anew, join_as
from kliento.domain.recipients.queries import InvitationView, invitation_behind, invitation_view
from kliento.interfaces.signin.doors import to
from kliento.interfaces.signin.forms import NewColleagueForm, NewColleaguePasskeyForm, Question, TeamNameForm
from kliento.interfaces.signin.limits import CODES_FROM
from kliento.interfaces.signin.passkeys import passkey_in, question_to_create
from kliento.interfaces.signin.sessions import INVITATION, begin_session
from kliento.kernel.actor import AccountActor, OperatorActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.limits import address_of, spend

InvitedView = Callable[[HttpRequest, InvitationView], HttpResponse]
ROLES = {"owner": _("Owner"), "manager": _("Manager"), "till": _("Till"), "analyst": _("Analyst")}


def invited(view: InvitedView) -> Callable[[HttpRequest], HttpResponse]:
    """The view gets the invitation this browser follows; without one that is good it says so."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            return view(request, invitation_view(UUID(request.session[INVITATION]), at=now()))
        except (KeyError, NotFound):
            request.session.pop(INVITATION, None)
            return render(request, "signin/join_gone.html", status=404)

    return never_cache(guarded)


@never_cache
@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the invitation, and forget the secret."""
    spend(CODES_FROM, address_of(request))
    try:
        request.session[INVITATION] = str(invitation_behind(token, at=now()))
    except NotFound:
        return render(request, "signin/join_gone.html", status=404)
    return to(request, "join")


@require_http_methods(["GET", "POST"])
@invited
def join(request: HttpRequest, invitation: InvitationView) -> HttpResponse:
    """What one is invited to; whoever is signed in joins here."""
    actor = getattr(request, "actor", None)
    form = TeamNameForm.of(request)
    if not isinstance(actor, AccountActor | OperatorActor):
        return _page(request, invitation, NewColleagueForm())
    if request.method == "POST" and form.is_valid():
        try:
            joined = join_as(actor.account_id, invitation.id, name=form.cleaned_data["name"], at=now())
            request.session.cycle_key()
            return _into(request, joined)
        except Conflict as known:
            messages.info(request, str(known.message))
            return redirect("partner:start")
        except Invalid as refusal:
            form.refuse(refusal)
    return _page(request, invitation, form, signed_in=True)


@require_POST
@invited
def join_anew_by_password(request: HttpRequest, invitation: InvitationView) -> HttpResponse:
    """An account with a password, made for this."""
    spend(CODES_FROM, address_of(request))
    form = NewColleagueForm.of(request)
    if form.is_valid():
        return _joined(request, invitation, form, form.cleaned_data["password"])
    return _page(request, invitation, form)


@require_POST
@invited
def passkey_question(request: HttpRequest, invitation: InvitationView) -> HttpResponse:
    """What a script asks the authenticator. The account will take over the invitation's id."""
    require_only(request)
    return question_to_create(request, invitation.id)


@require_POST
@invited
def join_anew_by_passkey(request: HttpRequest, invitation: InvitationView) -> HttpResponse:
    """An account with a passkey, made for this."""
    form = NewColleaguePasskeyForm.of(request)
    try:
        if form.is_valid():
            return _joined(request, invitation, form, passkey_in(request, form.cleaned_data["answer"]))
    except Invalid:
        pass  # said below, the same for everything that does not fit
    messages.error(request, _("The passkey could not be used. Enter your name and try again, or choose a password."))
    return to(request, "join")


def _joined(request: HttpRequest, invitation: InvitationView, form: Question, secret: Secret) -> HttpResponse:
    language = (get_language() or "en")[:2]
    try:
        joined = join_anew(invitation.id, secret, name=form.cleaned_data["name"], language=language, at=now())
    except Conflict as conflict:
        if conflict.code != "already_registered":
            raise
        messages.info(request, _("This address has an account already. Sign in with it to join."))
        return to(request, "join")
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, invitation, form)
    begin_session(request, AccountActor(joined.account_id), at=now())
    return _into(request, joined)


def _into(request: HttpRequest, joined: OperatorActor) -> HttpResponse:
    request.session.pop(INVITATION, None)
    request.session["third_party_id"] = str(joined.third_party_id)
    messages.success(request, _("Welcome to the team."))
    return redirect("partner:start")


def _page(request: HttpRequest, invitation: InvitationView, form: Question, *, signed_in: bool = False) -> HttpResponse:
    page = {
        "invitation": invitation,
        "role": ROLES[invitation.role],
        "form": form,
        "signed_in": signed_in,
        "passkey_name": NewColleaguePasskeyForm(auto_id="id_passkey_%s")["name"],
    }
    return render(request, "signin/join.html", page, status=400 if form.errors else 200)
