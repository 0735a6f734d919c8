"""Signing in and out. Whoever may not come in gets one answer, whatever the reason (threats 5 and 6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.entrance.actions import sign_in_by_passkey, sign_in_by_password
from kliento.interfaces.signin.doors import door_of, is_signed_in, to
from kliento.interfaces.signin.forms import PasskeyForm, SignInForm
from kliento.interfaces.signin.limits import SIGN_INS_FROM, SIGN_INS_TO
from kliento.interfaces.signin.passkeys import party, question_of, question_to_sign
from kliento.interfaces.signin.sessions import audience_of, begin_session, end_session, signed_in_lately
from kliento.kernel.actor import AccountActor, PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.claim_codes import remembered
from kliento.web.forms import require_only
from kliento.web.limits import address_of, spend


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With address and password; the page offers passkeys where there is a script to use them."""
    if request.method == "GET" and is_signed_in(request) and not _must_prove(request):
        return redirect(_wanted(request))
    form = SignInForm.of(request)
    if request.method == "POST":
        spend(SIGN_INS_FROM, address_of(request))
        if form.is_valid():
            spend(SIGN_INS_TO, form.key)
            given = form.cleaned_data
            try:
                come = door_of(request).come
                return _come_in(request, sign_in_by_password(given["email"], given["password"], come=come, at=now()))
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
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of this browser; other audiences stay signed in."""
    require_only(request)
    end_session(request)
    return redirect("public:start")


def _come_in(request: HttpRequest, who: PersonActor | AccountActor) -> HttpResponse:
    begin_session(request, who, at=now())
    return redirect(_wanted(request))


def _must_prove(request: HttpRequest) -> bool:
    """Whether they were sent here to sign in once more, before they change how they do."""
    return request.GET.get("next", "").startswith("/sign-in/") and not signed_in_lately(request, at=now())


def _wanted(request: HttpRequest) -> str:
    """Where the visitor was going: a page behind this door, or else the card that waits, or the first page there."""
    wanted, door = request.GET.get("next", ""), door_of(request)
    first = door.first_page() if remembered(request) is None else reverse("person:waiting")
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if is_here and audience_of(wanted) == door.audience else first
