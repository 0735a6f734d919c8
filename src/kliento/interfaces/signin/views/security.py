"""Security: what one signs in with, and where one is signed in. Changes ask for a sign-in a short while ago."""

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypedDict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.accounts.actions import end_one_session, end_sessions
from kliento.domain.accounts.queries import (
    authenticator_of,
    has_password,
    passkeys_of,
    pending_address,
    recovery_codes_left,
    sessions_of,
)
from kliento.domain.entrance import actions as entrance
from kliento.domain.entrance.queries import sign_in_address
from kliento.interfaces.signin.doors import address_at, door_of, to
from kliento.interfaces.signin.forms import NewPasswordForm, PasskeyForm
from kliento.interfaces.signin.passkeys import passkey_in, question_to_create
from kliento.interfaces.signin.sessions import renew_session
from kliento.interfaces.signin.shown import Shown
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only
from kliento.web.guards import AccountRequest, account_required, sign_in_again, signed_in_lately

Rest = ParamSpec("Rest")


def fresh_sign_in_required(
    view: Callable[Concatenate[AccountRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """A browser somebody left open cannot be used to lock its owner out."""

    def guarded(request: AccountRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if signed_in_lately(request, at=now()):
            return view(request, *args, **kwargs)
        messages.info(request, _("Sign in once more to change how you sign in."))
        return sign_in_again(request, back=address_at(request, "sessions"))

    update_wrapper(guarded, view)
    return account_required(guarded)


@require_safe
@account_required
def security(request: AccountRequest) -> HttpResponse:
    """Address, password, passkeys, sessions."""
    account_id = request.account.account_id
    page = {
        "tab": "me",
        "shell": door_of(request).shell,
        "address": Shown(sign_in_address(account_id)),
        "is_address_awaited": pending_address(account_id, at=now()) is not None,
        "has_password": has_password(account_id),
        "passkeys": passkeys_of(account_id),
        "authenticator": authenticator_of(account_id),
        "codes_left": recovery_codes_left(account_id),
        "sessions": sessions_of(account_id, this=request.session.session_key, at=now()),
    }
    return render(request, "signin/security.html", page)


@require_POST
@account_required
def end_other_sessions(request: AccountRequest) -> HttpResponse:
    """Sign out everywhere else."""
    require_only(request)
    end_sessions(request.account.account_id, keep=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return to(request, "sessions")


@require_POST
@account_required
def end_session(request: AccountRequest, session_id: str) -> HttpResponse:
    """Sign out in one other browser."""
    require_only(request)
    end_one_session(request.account.account_id, session_id)
    messages.success(request, _("That device is signed out."))
    return to(request, "sessions")


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def password(request: AccountRequest) -> HttpResponse:
    """A new password, or a first one."""
    form = NewPasswordForm.of(request)
    if not sign_in_address(request.account.account_id):
        messages.info(request, _("A password needs a sign-in address. Add one first."))
        return to(request, "address")
    if request.method == "POST" and form.is_valid():
        entrance.change_password(request.account, form.cleaned_data["password"], **renewed(request))
        messages.success(request, _("Your new password is in use. Other devices were signed out."))
        return to(request, "sessions")
    return render(
        request,
        "signin/password.html",
        {"tab": "me", "shell": door_of(request).shell, "form": form},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def password_removal(request: AccountRequest) -> HttpResponse:
    """No password any more; passkeys alone sign in. GET says what that means."""
    require_only(request)
    if request.method == "POST":
        try:
            entrance.remove_password(request.account, **renewed(request))
        except Conflict as conflict:
            messages.error(request, str(conflict.message))
        else:
            messages.success(request, _("The password is removed. Your passkeys let you in."))
        return to(request, "sessions")
    return render(request, "signin/password_removal.html", {"tab": "me", "shell": door_of(request).shell})


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def new_passkey(request: AccountRequest) -> HttpResponse:
    """Add a passkey, made by this page's script."""
    form = PasskeyForm.of(request)
    if request.method == "POST":
        try:
            passkey = passkey_in(request, form.cleaned_data["answer"] if form.is_valid() else {})
            entrance.add_passkey(request.account, passkey, **renewed(request))
        except (Invalid, Conflict):
            messages.error(request, _("The passkey could not be used. Try again."))
            return to(request, "new_passkey")
        messages.success(request, _("You can sign in with this passkey from now on."))
        return to(request, "sessions")
    return render(request, "signin/new_passkey.html", {"tab": "me", "shell": door_of(request).shell})


@require_POST
@fresh_sign_in_required
def passkey_question(request: AccountRequest) -> HttpResponse:
    """What the script asks the authenticator."""
    require_only(request)
    return question_to_create(request, request.account.account_id)


@require_POST
@fresh_sign_in_required
def remove_passkey(request: AccountRequest, passkey_id: UUID) -> HttpResponse:
    """Remove one, but never the last way in."""
    require_only(request)
    try:
        entrance.remove_passkey(request.account, passkey_id, **renewed(request))
    except Conflict as conflict:
        messages.error(request, str(conflict.message))
    else:
        messages.success(request, _("The passkey is removed. Delete it from your device, too."))
    return to(request, "sessions")


class _Renewed(TypedDict):
    keep: str
    language: str
    at: datetime


def renewed(request: AccountRequest) -> _Renewed:
    """A new session key before the change, so that a stolen one is worth nothing after it (threat 21)."""
    renew_session(request)
    return {"keep": str(request.session.session_key), "language": language(), "at": now()}


def language() -> str:
    """The language letters about this act are written in: that of the page."""
    return (get_language() or "en")[:2]
