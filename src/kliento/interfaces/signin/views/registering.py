"""Registering, one question a page: address, code, age, terms, and what to sign in with.

The session holds the sign-up's id and nothing else. Whoever does not finish leaves nothing (R-REG-1).
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.accounts.actions import abandon_signup, accept_terms, answer_age_band, verify_signup
from kliento.domain.accounts.queries import Step, asks_second, completes_account, signup_step
from kliento.domain.accounts.rules.secrets import Secret
from kliento.domain.entrance.actions import begin_signup, complete_signup, finish_signup
from kliento.domain.policy.queries import register as declaration
from kliento.interfaces.signin.forms import AddressForm, AgeForm, CodeForm, NewPasswordForm, PasskeyForm, TermsForm
from kliento.interfaces.signin.limits import CODES_FROM, LETTERS_A_DAY_TO, LETTERS_FROM, LETTERS_TO
from kliento.interfaces.signin.passkeys import passkey_in, question_to_create
from kliento.interfaces.signin.sessions import begin_half, begin_session, start_anew
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.claim_codes import remembered
from kliento.web.forms import require_only
from kliento.web.limits import address_of, spend

_SIGNUP = "signup"
SignupView = Callable[[HttpRequest, UUID], HttpResponse]


def step(asked: Step) -> Callable[[SignupView], Callable[[HttpRequest], HttpResponse]]:
    """The view of one step. Whoever is at another one is taken there; whoever has no sign-up begins."""

    def decorate(view: SignupView) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if _SIGNUP not in request.session:
                return redirect("signin:register")
            signup_id = UUID(request.session[_SIGNUP])
            try:
                current = signup_step(signup_id, at=now())
                if current != asked:
                    return redirect(f"signin:register_{current}")
                return view(request, signup_id)
            except NotFound:
                start_anew(request)
                messages.warning(request, _("That took too long, and nothing was kept. Begin again."))
                return redirect("signin:register")

        return never_cache(guarded)

    return decorate


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The address. The answer is the same whether it is known or not (threat 5)."""
    form = AddressForm.of(request)
    if request.method == "POST":
        spend(LETTERS_FROM, address_of(request))
        if form.is_valid():
            spend(LETTERS_TO, form.key)
            spend(LETTERS_A_DAY_TO, form.key)
            signup_id = begin_signup(form.cleaned_data["email"], language=_language(), at=now())
            start_anew(request)
            request.session[_SIGNUP] = str(signup_id)
            return redirect("signin:register_code")
    signed_in = isinstance(getattr(request, "actor", None), PersonActor)
    return _page(request, "register", form, signed_in=signed_in, waiting=remembered(request) is not None)


@require_http_methods(["GET", "POST"])
@step("code")
def code(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """The six digits."""
    form = CodeForm.of(request)
    if request.method == "POST":
        spend(CODES_FROM, address_of(request))
        if form.is_valid():
            try:
                verify_signup(signup_id, form.cleaned_data["code"], at=now())
                return redirect("signin:register_age")
            except Invalid as refusal:
                form.refuse(refusal)
    return _page(request, "register_code", form, development=not settings.PRODUCTION)


@require_http_methods(["GET", "POST"])
@step("age")
def age(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """The age group. Under 13 nobody registers, and nothing stays (R-REG-3)."""
    form = AgeForm.of(request)
    if request.method == "POST" and form.is_valid():
        band = form.cleaned_data["age_band"]
        if band == "under_13":
            abandon_signup(signup_id, at=now())
            request.session.flush()
            return render(request, "signin/too_young.html")
        answer_age_band(signup_id, is_minor=band == "13_to_17", at=now())
        return redirect("signin:register_terms")
    return _page(request, "register_age", form)


@require_http_methods(["GET", "POST"])
@step("terms")
def terms(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """The terms of use, and no consent with them (R-TRM-1). The last step for whoever has an account for work."""
    form = TermsForm.of(request)
    if request.method == "POST" and form.is_valid():
        try:
            accept_terms(signup_id, version=form.cleaned_data["version"], at=now())
        except Conflict as changed:
            messages.warning(request, str(changed.message))
        else:
            if completes_account(signup_id, at=now()):
                return _signed_in(request, complete_signup(signup_id, at=now()))
            return redirect("signin:register_secret")
    declared = declaration().terms
    language = _language()
    sections = [(section.heading.inn(language), section.body.inn(language)) for section in declared.sections]
    return _page(request, "register_terms", form, terms=declared, sections=sections)


@require_http_methods(["GET", "POST"])
@step("secret")
def secret(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """A passkey (by script, below) or a password."""
    form = NewPasswordForm.of(request)
    if request.method == "POST" and form.is_valid():
        return _finished(request, signup_id, form.cleaned_data["password"])
    return _page(request, "register_secret", form)


@require_POST
@step("secret")
def passkey_question(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """What a script asks the authenticator. The account will take over the sign-up's id."""
    require_only(request)
    return question_to_create(request, signup_id)


@require_POST
@step("secret")
def passkey(request: HttpRequest, signup_id: UUID) -> HttpResponse:
    """The passkey that was made."""
    form = PasskeyForm.of(request)
    try:
        if form.is_valid():
            return _finished(request, signup_id, passkey_in(request, form.cleaned_data["answer"]))
    except Invalid:
        pass  # said below, the same for everything that does not fit
    messages.error(request, _("The passkey could not be used. Try again, or choose a password."))
    return redirect("signin:register_secret")


def _finished(request: HttpRequest, signup_id: UUID, chosen: Secret) -> HttpResponse:
    try:
        person = finish_signup(signup_id, chosen, language=_language(), at=now())
    except Conflict as conflict:
        if conflict.code != "already_registered":
            raise
        start_anew(request)
        messages.warning(request, str(conflict.message))
        return redirect("signin:sign_in")
    return _signed_in(request, person)


def _signed_in(request: HttpRequest, person: PersonActor) -> HttpResponse:
    if asks_second(person.account_id):  # an account for work that a mailbox alone does not open
        begin_half(request, person.account_id, at=now())
        return redirect("signin:sign_in_second")
    begin_session(request, person, at=now())
    return redirect("person:card" if remembered(request) is None else "person:waiting")


def _page(request: HttpRequest, name: str, form: object, **context: object) -> HttpResponse:
    status = 400 if getattr(form, "errors", None) else 200
    return render(request, f"signin/{name}.html", {"form": form, **context}, status=status)


def _language() -> str:
    return (get_language() or "en")[:2]
