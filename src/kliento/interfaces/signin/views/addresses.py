"""The sign-in address: asked for, proved by a code, had back by a link (R-CRD-2)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.accounts.queries import (
    address_changed_until,
    former_address_behind,
    passkeys_of,
    recovery_codes_left,
)
from kliento.domain.entrance import actions as entrance
from kliento.domain.entrance.queries import awaited_address, sign_in_address
from kliento.interfaces.signin.doors import door_of, to
from kliento.interfaces.signin.forms import AddressCodeForm, NewAddressForm, Question
from kliento.interfaces.signin.limits import (
    CHANGES_OF,
    CODES_FROM,
    LETTERS_A_DAY_TO,
    LETTERS_FROM,
    LETTERS_TO,
)
from kliento.interfaces.signin.sessions import start_anew
from kliento.interfaces.signin.shown import Shown
from kliento.interfaces.signin.views.security import fresh_sign_in_required, language, renewed
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import AccountRequest
from kliento.web.limits import address_of, spend


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def address(request: AccountRequest) -> HttpResponse:
    """The new address. The answer is the same whether it has an account or not (threat 5)."""
    form = NewAddressForm.of(request)
    if request.method == "POST":
        spend(LETTERS_FROM, address_of(request))
        spend(CHANGES_OF, request.account.account_id)
        if form.is_valid():
            spend(LETTERS_TO, form.key)
            spend(LETTERS_A_DAY_TO, form.key)
            try:
                entrance.ask_for_address(request.account, form.cleaned_data["email"], language=language(), at=now())
                return to(request, "address_code")
            except Invalid as refusal:
                form.refuse(refusal)
    return _page(request, "address", form, current=Shown(sign_in_address(request.account.account_id)))


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def code(request: AccountRequest) -> HttpResponse:
    """The six digits sent there. From then on the new address signs in."""
    form = AddressCodeForm.of(request)
    try:
        if request.method == "POST":
            spend(CODES_FROM, address_of(request))
            if form.is_valid():
                given = form.cleaned_data
                entrance.change_address(request.account, given["change"], given["code"], **renewed(request))
                messages.success(
                    request, _("You sign in with the new address from now on. Other devices were signed out.")
                )
                return to(request, "sessions")
    except Invalid as refusal:
        form.refuse(refusal)
    except (NotFound, Conflict) as end:
        messages.warning(request, str(end.message))
        return to(request, "address")
    try:
        awaited = awaited_address(request.account.account_id, at=now())
    except NotFound:
        return to(request, "address")
    form.initial["change"] = awaited.change_id
    return _page(request, "address_code", form, address=Shown(awaited.address))


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def removal(request: AccountRequest) -> HttpResponse:
    """No address any more (R-CRD-3). GET says what it takes, what cannot be done by mail then, and the other end."""
    require_only(request)
    account_id = request.account.account_id
    if not sign_in_address(account_id):
        return to(request, "sessions")
    if request.method == "POST":
        try:
            entrance.remove_address(request.account, **renewed(request))
            messages.success(request, _("Your sign-in address is deleted. Your passkeys let you in."))
            return to(request, "sessions")
        except Conflict as conflict:
            messages.error(request, str(conflict.message))
            return to(request, "address_removal")
    page = {
        "tab": "me",
        "shell": door_of(request).shell,
        "has_passkey": bool(passkeys_of(account_id)),
        "has_codes": recovery_codes_left(account_id) > 0,
        "changed_until": address_changed_until(account_id, at=now()),
    }
    return render(request, "signin/address_removal.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
def revert(request: HttpRequest, token: str) -> HttpResponse:
    """The link sent to the former address. GET shows what it does; POST does it, whoever is signed in here."""
    require_only(request)
    spend(CODES_FROM, address_of(request))
    try:
        if request.method == "POST":
            entrance.revert_address(token, language=language(), at=now())
            start_anew(request)
            messages.success(
                request, _("It is taken back. Now choose a new password: enter your address to get a code.")
            )
            return to(request, "reset")
        former = former_address_behind(token, at=now())
    except NotFound:
        return render(request, "signin/revert_gone.html", status=404)
    except Conflict as conflict:
        return render(request, "signin/revert_gone.html", {"problem": conflict.message}, status=409)
    return render(request, "signin/revert.html", {"until": former.revert_until})


def _page(request: AccountRequest, name: str, form: Question, **context: object) -> HttpResponse:
    page = {"tab": "me", "shell": door_of(request).shell, "form": form, **context}
    return render(request, f"signin/{name}.html", page, status=400 if form.errors else 200)
