"""My details: every field of the catalogue, each added, corrected, hidden and removed on its own (R-USR-1)."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import OwnValue, own_values
from kliento.domain.people.queries import person_of
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field
from kliento.domain.profile import actions as profile
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.rules import PROGRAMME, SERVING
from kliento.interfaces.person.agreeing import asks_again, words_read, words_shown
from kliento.interfaces.person.forms.details import ValueForm
from kliento.interfaces.person.reading import own_address
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from kliento.web.forms import HAS_ITS_OWN_PLACE, require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import as_read, language

_KEEPING = "service"
_RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Detail:
    """One row of the page: a field, and what is kept in it. `retention` only where it is not that of the whole page."""

    field: Field
    label: str
    text: str
    source: str
    retention: str
    value: OwnValue | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading."""

    title: str
    details: list[Detail]


@require_safe
@person_required
def details(request: PersonRequest) -> HttpResponse:
    """Everything kept about the person, by group, with sources and how long it is kept (R-PRO-1)."""
    values = own_values(request.person)
    keeping = register().purpose(_KEEPING)
    page = {
        "tab": "me",
        "groups": _groups(values),
        "kept_by_kliento": _kept_by_kliento(request, values),
        "retention": register().retention[keeping.retention].label.inn(language()),
    }
    return render(request, "person/details.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def field(request: PersonRequest, code: str) -> HttpResponse:
    """One question: the value of one field."""
    require_only(request, "value", "next")
    asked, came_from = _own_field(code), _came_from(request)
    if asked.special and not _is_agreed(request, asked):
        return redirect(_with_next("person:special", code, came_from))
    kept = own_values(request.person, fields=[code]).get(code)
    form = ValueForm(asked, language(), request.POST or None, text=_to_edit(asked, kept.text) if kept else "")
    if form.is_bound and form.is_valid():
        try:
            profile.set_value(request.person.person_id, code, form.text(), by=request.person, at=now())
        except Invalid as refused:
            form.add_error("value", str(refused.message))
        else:
            return _back_to_details(request, _("Saved: %(detail)s."), asked, came_from)
    page = {
        "tab": "me",
        "form": form,
        "field": asked,
        "label": asked.label.inn(language()),
        "kept": kept,
        "next": came_from,
    }
    return render(request, "person/field.html", page, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@asks_again()
def special(request: PersonRequest, code: str) -> HttpResponse:
    """The explicit consent to keep a special-category field, asked alone and before anything is stored (R-DAT-2)."""
    require_only(request, "answer", "next", "wording")
    asked, came_from = _own_field(code), _came_from(request)
    if not asked.special:
        raise NotFound(code="unknown_field")
    choice = Choice(SPECIAL_STORAGE, field=code)
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            give_consent(request.person.person_id, choice, shown=words_read(request), by=request.person, at=now())
            return redirect(_with_next("person:field", code, came_from))
        sharing.refuse_consent(request.person.person_id, choice, by=request.person, at=now())
        return redirect(came_from or "person:details")
    purpose = register().purpose(SPECIAL_STORAGE)
    page = {
        "tab": "me",
        "label": asked.label.inn(language()),
        "purpose": purpose.description.inn(language()),
        "retention": register().retention[purpose.retention].label.inn(language()),
        "next": came_from,
        "wording": words_shown(choice, to=request.person),
    }
    return render(request, "person/special.html", page)


@require_POST
@person_required
def withdrawal(request: PersonRequest, code: str) -> HttpResponse:
    """Withdraw the consent to keep a special-category field; its value goes with it."""
    require_only(request)
    asked = _own_field(code)
    profile.withdraw_keeping(request.person.person_id, code, by=request.person, at=now())
    return _back_to_details(request, _("Consent withdrawn and removed: %(detail)s."), asked)


@require_POST
@person_required
def removal(request: PersonRequest, code: str) -> HttpResponse:
    """Remove the value and its earlier versions."""
    require_only(request)
    asked = _own_field(code)
    with suppress(NotFound):  # gone already, in another tab
        profile.remove_value(request.person.person_id, code, by=request.person, at=now())
    return _back_to_details(request, _("Removed: %(detail)s."), asked)


@require_POST
@person_required
def hiding(request: PersonRequest, code: str) -> HttpResponse:
    """Hide the value from everybody else."""
    require_only(request)
    asked = _own_field(code)
    profile.hide_value(request.person.person_id, code, by=request.person, at=now())
    return _back_to_details(request, _("Hidden from everybody else: %(detail)s."), asked)


@require_POST
@person_required
def showing(request: PersonRequest, code: str) -> HttpResponse:
    """End the hiding."""
    require_only(request)
    asked = _own_field(code)
    profile.show_value(request.person.person_id, code, by=request.person, at=now())
    return _back_to_details(request, _("No longer hidden: %(detail)s."), asked)


def _to_edit(asked: Field, text: str) -> str:
    """What stands in the input: a phone number the way people write it, all else as it is kept."""
    return as_read(asked, text) if asked.type == "phone" else text


def _own_field(code: str) -> Field:
    """The field, if there is such a one for the person to keep.

    Raises Invalid for what one signs in with, which has flows of its own (R-CRD-1), NotFound for anything else.
    """
    known = register().fields.get(code)
    if code == "password" or (known is not None and known.keeper == "account"):
        raise Invalid(HAS_ITS_OWN_PLACE, code="credential_elsewhere", pointer=code)
    if known is None or known.keeper != "person" or known.status != "in_use":
        raise NotFound(code="unknown_field")
    return known


def _is_agreed(request: PersonRequest, asked: Field) -> bool:
    return Choice(SPECIAL_STORAGE, field=asked.code) in standing(request.person.person_id)


def _back_to_details(request: PersonRequest, said: str, about: Field, came_from: str = "") -> HttpResponse:
    messages.success(request, said % {"detail": about.label.inn(language())})
    return redirect(came_from or "person:details")


def _came_from(request: PersonRequest) -> str:
    """The page of the person's own that sent them here to add a detail; nothing for any other address."""
    text = request.POST.get("next") or request.GET.get("next", "")
    return own_address(text)


def _with_next(name: str, code: str, came_from: str) -> str:
    there = reverse(name, kwargs={"code": code})
    return f"{there}?{urlencode({'next': came_from})}" if came_from else there


def _groups(values: dict[str, OwnValue]) -> list[Group]:
    own = [known for known in register().fields.values() if known.keeper == "person" and known.status == "in_use"]
    return [
        Group(title.inn(language()), rows)
        for group, title in register().groups.items()
        if (rows := [_own_detail(known, values.get(known.code)) for known in own if known.group == group])
    ]


def _own_detail(known: Field, value: OwnValue | None) -> Detail:
    text = as_read(known, value.text) if value else ""
    source = register().sources[value.source].label.inn(language()) if value else ""
    return Detail(known, known.label.inn(language()), text, source, _retention(known), value)


def _kept_by_kliento(request: PersonRequest, values: dict[str, OwnValue]) -> list[Detail]:
    """What Kliento writes itself: read-only, each with its source. Long lists have a page of their own."""
    person = person_of(request.person.account_id)
    texts = {
        "user_id": str(person.id),
        "login_email": values["login_email"].text if "login_email" in values else "",
        "is_minor": _("Yes") if person.is_minor else _("No"),
    }
    return [
        Detail(
            known,
            known.label.inn(language()),
            texts.get(known.code, ""),
            ", ".join(
                register().sources[source].label.inn(language())
                for source in ([values[known.code].source] if known.code in values else known.sources)
            ),
            _retention(known),
        )
        for known in register().fields.values()
        if known.keeper != "person" and known.status == "in_use"
    ]


def _retention(known: Field) -> str:
    """How long Kliento keeps it, where the page's general answer does not say it all. Sharing has its own page.

    What is kept for as long as the account is open anyway is kept no longer for being used within Kliento, too.
    """
    declared = register()
    general = declared.purpose(_KEEPING)
    kept_for = [
        purpose
        for purpose in declared.purposes.values()
        if purpose.status == "in_use"
        and known.code in purpose.fields
        and purpose.code not in {SERVING, PROGRAMME, _RIGHTS}
        and (purpose.recipient_kinds or known.code not in general.fields)
    ]
    telling = [purpose for purpose in kept_for if purpose.basis != "legitimate_interest"] or kept_for
    codes = dict.fromkeys(purpose.retention for purpose in telling)
    return " ".join(declared.retention[code].label.inn(language()) for code in codes if code != general.retention)
