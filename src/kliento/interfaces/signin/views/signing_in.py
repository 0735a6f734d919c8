"""Signing in and out. Whoever may not come in gets one answer, whatever the reason (threats 5 and 6)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.accounts.queries import asks_second
from kliento.domain.entrance.actions import sign_in_by_passkey, sign_in_by_password, sign_in_by_recovery_code
from kliento.interfaces.signin.doors import address_after, address_at, address_wanted, door_of, is_signed_in, to
from kliento.interfaces.signin.forms import PasskeyForm, RecoveryCodeForm, SignInForm
from kliento.interfaces.signin.limits import SIGN_INS_FROM, SIGN_INS_TO
from kliento.interfaces.signin.passkeys import party, question_of, question_to_sign
from kliento.interfaces.signin.sessions import begin_half, come_in, end_session
from kliento.kernel.actor import AccountActor, PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.claim_codes import remembered
from kliento.web.forms import require_only
from kliento.web.guards import signed_in_lately
from kliento.web.limits import address_of, spend


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With address and password; the page offers passkeys where there is a script to use them."""
    if request.method == "GET" and is_signed_in(request) and not _must_prove(request):
        return redirect(address_wanted(request))
    form = SignInForm.of(request)
    if request.method == "POST":
        spend(SIGN_INS_FROM, address_of(request))
        if form.is_valid():
            spend(SIGN_INS_TO, form.key)
            given = form.cleaned_data
            try:
                come = door_of(request).come
                who = sign_in_by_password(given["email"], given["password"], come=come, at=now())
                return _owes_code(request, who) if asks_second(who.account_id) else _come_in(request, who)
            except Invalid as refusal:
                form.refuse(refusal)
    waiting = remembered(request) is not None
    page = {"form": form, "next": request.GET.get("next", ""), "door": door_of(request), "waiting": waiting}
    return render(request, "signin/sign_in.html", page, status=400 if form.errors else 200)


@never_cache
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What a script asks the authenticator; the same for everybody."""
    require_only(request)
    spend(SIGN_INS_FROM, address_of(request))
    return question_to_sign(request)


@never_cache
@require_POST
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """The authenticator's answer."""
    spend(SIGN_INS_FROM, address_of(request))
    form = PasskeyForm.of(request)
    try:
        answer = form.cleaned_data["answer"] if form.is_valid() else {}
        come = door_of(request).come
        return _come_in(request, sign_in_by_passkey(answer, question_of(request), party=party(), come=come, at=now()))
    except Invalid as refusal:
        messages.error(request, str(refusal.message))
        return to(request, "sign_in")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_with_recovery_code(request: HttpRequest) -> HttpResponse:
    """Without an address, when the passkeys are lost. The way out leads to a new passkey."""
    form = RecoveryCodeForm.of(request)
    if request.method == "POST":
        spend(SIGN_INS_FROM, address_of(request))
        if form.is_valid():
            try:
                come, language = door_of(request).come, (get_language() or "en")[:2]
                who = sign_in_by_recovery_code(form.cleaned_data["code"], come=come, language=language, at=now())
                come_in(request, who, at=now())
                messages.warning(request, _("That code is used up. Add a passkey now."))
                return to(request, "new_passkey")
            except Invalid as refusal:
                form.refuse(refusal)
    return render(request, "signin/recovery.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of this browser; other audiences stay signed in."""
    require_only(request)
    end_session(request)
    return redirect("public:start")


def _come_in(request: HttpRequest, who: PersonActor | AccountActor) -> HttpResponse:
    come_in(request, who, at=now())
    return redirect(address_after(request, who))


def _owes_code(request: HttpRequest, who: PersonActor | AccountActor) -> HttpResponse:
    """The password fits; where an app is on it is not enough."""
    begin_half(request, who.account_id, at=now())
    page, wanted = address_at(request, "sign_in_second"), request.GET.get("next", "")
    return redirect(f"{page}?{urlencode({'next': wanted})}" if wanted else page)


def _must_prove(request: HttpRequest) -> bool:
    """Whether they were sent here to sign in once more, before something that not everybody at a screen may do."""
    return "again" in request.GET and not signed_in_lately(request, at=now())
