"""The second factor: an authenticator app turned on and off, recovery codes, and the question after the password."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.accounts.actions import begin_authenticator
from kliento.domain.accounts.queries import AuthenticatorView, authenticator_of, recovery_codes_left
from kliento.domain.accounts.rules.recovery import for_reading, recovery_code_in
from kliento.domain.accounts.rules.totp import address_for_apps, in_groups
from kliento.domain.entrance import actions as entrance
from kliento.domain.entrance.queries import authenticator_secret, sign_in_address
from kliento.domain.policy.queries import register
from kliento.interfaces.signin.doors import address_after, address_wanted, door_of, is_signed_in, to
from kliento.interfaces.signin.forms import AppCodeForm, Question, SecondForm
from kliento.interfaces.signin.limits import APP_CODES_A_DAY_OF, APP_CODES_OF, CODES_FROM
from kliento.interfaces.signin.sessions import come_in, half_in, start_anew
from kliento.interfaces.signin.shown import Shown
from kliento.interfaces.signin.views.security import fresh_sign_in_required, language, renewed
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.codes import qr_svg
from kliento.web.forms import require_only
from kliento.web.guards import AccountRequest
from kliento.web.limits import address_of, spend


@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """After the password: a code of the app, or one from paper."""
    form = SecondForm.of(request)
    if is_signed_in(request):
        return redirect(address_wanted(request))
    account_id = half_in(request, at=now())
    if account_id is None:
        start_anew(request)
        messages.warning(request, _("That took too long. Start again."))
        return to(request, "sign_in")
    if request.method == "POST" and form.is_valid():
        spend_try(request, account_id, form.cleaned_data["code"])
        try:
            entrance.pass_second(account_id, form.cleaned_data["code"], language=language(), at=now())
            who = door_of(request).come(account_id)
            come_in(request, who, at=now())
            return redirect(address_after(request, who))
        except Invalid as refusal:
            form.refuse(refusal)
        except NotFound:  # they have left meanwhile
            start_anew(request)
            return to(request, "sign_in")
    return render(request, "signin/second.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def authenticator(request: AccountRequest) -> HttpResponse:
    """What an app is good for; while one is being set up, its secret and the question for its first code."""
    form = AppCodeForm.of(request)
    app = authenticator_of(request.account.account_id)
    if app is not None and app.on_since is not None:
        return to(request, "authenticator_off")
    if request.method == "POST" and form.is_valid():
        spend_try(request, request.account.account_id, form.cleaned_data["code"])
        try:
            codes = entrance.turn_on_authenticator(request.account, form.cleaned_data["code"], **renewed(request))
            return _codes_page(request, codes, is_new_app=True)
        except Invalid as refusal:
            form.refuse(refusal)
        except (NotFound, Conflict):  # done or begun anew in another tab
            return to(request, "authenticator")
    secret = Shown(in_groups(authenticator_secret(request.account.account_id, app)) if app else "")
    return _page(request, "authenticator", form=form, secret=secret)


@require_POST
@fresh_sign_in_required
def authenticator_new(request: AccountRequest) -> HttpResponse:
    """A new secret for an app."""
    require_only(request)
    try:
        begin_authenticator(request.account.account_id, at=now())
    except Conflict as conflict:
        messages.info(request, str(conflict.message))
    return to(request, "authenticator")


@require_safe
@fresh_sign_in_required
def authenticator_picture(request: AccountRequest) -> HttpResponse:
    """The secret as a QR code, while it is being set up; never again after that."""
    app = authenticator_of(request.account.account_id)
    if app is None or app.on_since is not None:
        raise NotFound(code="no_authenticator")
    return HttpResponse(qr_svg(_for_apps(request, app)), content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def authenticator_off(request: AccountRequest) -> HttpResponse:
    """A password is enough again; it takes a code."""
    form = SecondForm.of(request)
    app = authenticator_of(request.account.account_id)
    if app is None or app.on_since is None:
        return to(request, "authenticator")
    if request.method == "POST" and form.is_valid():
        spend_try(request, request.account.account_id, form.cleaned_data["code"])
        try:
            entrance.turn_off_authenticator(request.account, form.cleaned_data["code"], **renewed(request))
            messages.success(request, _("The authenticator app is off. Delete the account from it, too."))
            return to(request, "sessions")
        except Invalid as refusal:
            form.refuse(refusal)
    return _page(request, "authenticator_off", form=form)


@require_http_methods(["GET", "POST"])
@fresh_sign_in_required
def recovery_codes(request: AccountRequest) -> HttpResponse:
    """How many are left; POST makes new ones and shows them this once."""
    require_only(request)
    if request.method == "POST":
        return _codes_page(request, entrance.renew_recovery_codes(request.account, **renewed(request)))
    return _page(request, "recovery_codes", left=recovery_codes_left(request.account.account_id))


def spend_try(request: HttpRequest, account_id: UUID, typed: str) -> None:
    """Count a try before it is judged: by account whatever may be read as a code of an app, by network address all."""
    spend(CODES_FROM, address_of(request))
    if recovery_code_in(typed) is None:
        spend(APP_CODES_OF, account_id)
        spend(APP_CODES_A_DAY_OF, account_id)


def _for_apps(request: AccountRequest, app: AuthenticatorView) -> str:
    account_id = request.account.account_id
    name, issuer = sign_in_address(account_id), register().holder.name
    return address_for_apps(authenticator_secret(account_id, app), name=name, issuer=issuer)


def _codes_page(request: AccountRequest, codes: list[str], *, is_new_app: bool = False) -> HttpResponse:
    return _page(request, "recovery_codes", codes=[Shown(for_reading(code)) for code in codes], is_new_app=is_new_app)


def _page(request: AccountRequest, name: str, *, form: Question | None = None, **context: object) -> HttpResponse:
    page = {"tab": "me", "shell": door_of(request).shell, "form": form, **context}
    return render(request, f"signin/{name}.html", page, status=400 if form is not None and form.errors else 200)
