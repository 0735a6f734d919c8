"""A new password: address, code, password. The session holds the reset's id."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kliento.domain.accounts.actions import verify_reset
from kliento.domain.accounts.queries import account_of_reset, asks_second, is_reset_verified
from kliento.domain.entrance.actions import begin_reset, finish_reset
from kliento.interfaces.signin.doors import to
from kliento.interfaces.signin.forms import AddressForm, CodeForm, NewPasswordForm, Question, ResetPasswordForm
from kliento.interfaces.signin.limits import CODES_FROM, LETTERS_A_DAY_TO, LETTERS_FROM, LETTERS_TO
from kliento.interfaces.signin.sessions import start_anew
from kliento.interfaces.signin.views.factors import spend_try
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from kliento.web.limits import address_of, spend

_RESET = "reset"


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """The address. The answer is the same whether it is known or not (threat 5)."""
    form = AddressForm.of(request)
    if request.method == "POST":
        spend(LETTERS_FROM, address_of(request))
        if form.is_valid():
            spend(LETTERS_TO, form.key)
            spend(LETTERS_A_DAY_TO, form.key)
            reset_id = begin_reset(form.cleaned_data["email"], language=_language(), at=now())
            request.session[_RESET] = str(reset_id)
            return to(request, "reset_code")
    return _page(request, "reset", form)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits."""
    try:
        reset_id, is_verified = _under_way(request)
        if is_verified:
            return to(request, "reset_password")
        form = CodeForm.of(request)
        if request.method == "POST":
            spend(CODES_FROM, address_of(request))
            if form.is_valid():
                try:
                    verify_reset(reset_id, form.cleaned_data["code"], at=now())
                    return to(request, "reset_password")
                except Invalid as refusal:
                    form.refuse(refusal)
    except NotFound:
        return _begin_again(request)
    return _page(request, "reset_code", form)


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The new password. Every session ends; the way in is to sign in with it."""
    try:
        reset_id, is_verified = _under_way(request)
        if not is_verified:
            return to(request, "reset_code")
        account_id = account_of_reset(reset_id)
        owes_code = account_id is not None and asks_second(account_id)
        form = ResetPasswordForm.of(request) if owes_code else NewPasswordForm.of(request)
        if request.method == "POST" and form.is_valid():
            second = form.cleaned_data.get("code", "")
            if owes_code and account_id is not None:
                spend_try(request, account_id, second)
            try:
                finish_reset(reset_id, form.cleaned_data["password"], second=second, language=_language(), at=now())
            except Invalid as refusal:
                form.refuse(refusal)
            else:
                start_anew(request)
                messages.success(request, _("Your new password is in use. Sign in with it."))
                return to(request, "sign_in")
    except NotFound:
        return _begin_again(request)
    return _page(request, "reset_password", form)


def _under_way(request: HttpRequest) -> tuple[UUID, bool]:
    """The reset of this browser and whether its code was given. Raises NotFound."""
    if _RESET not in request.session:
        raise NotFound(code="run_out")
    reset_id = UUID(request.session[_RESET])
    return reset_id, is_reset_verified(reset_id, at=now())


def _begin_again(request: HttpRequest) -> HttpResponse:
    request.session.pop(_RESET, None)
    messages.warning(request, _("Begin again: enter your address to get a code."))
    return to(request, "reset")


def _page(request: HttpRequest, name: str, form: Question) -> HttpResponse:
    return render(request, f"signin/{name}.html", {"form": form}, status=400 if form.errors else 200)


def _language() -> str:
    return (get_language() or "en")[:2]
