"""Sharing: the companies there are, and for each of them one plain switch a field."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field
from kliento.domain.recipients.queries import RecipientName, approved_third_parties, names_of, third_party_of
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import Relation
from kliento.interfaces.person.reading import as_read, language
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required


@dataclass(frozen=True, slots=True)
class Company:
    """One row of the list."""

    id: UUID
    name: RecipientName
    relation: Relation | None
    shared: int


@dataclass(frozen=True, slots=True)
class Switch:
    """One field and whether this company may see it; `hidden` values are seen by nobody, whatever the switch says."""

    field: Field
    label: str
    text: str
    on: bool
    hidden: bool


@require_safe
@person_required
def companies(request: PersonRequest) -> HttpResponse:
    """Those who know the person first, then the others one could share with."""
    at = now()
    known = {relation.third_party_id: relation for relation in companies_of(request.person.person_id)}
    others = [one.id for one in approved_third_parties() if one.id not in known]
    names = names_of([*known, *others])
    rows = [Company(id_, names[id_], one, len(one.granted(sharing.SERVING, at=at))) for id_, one in known.items()]
    page = {
        "tab": "sharing",
        "known": rows,
        "others": [Company(id_, names[id_], None, 0) for id_ in others],
    }
    return render(request, "person/sharing.html", page)


@require_safe
@person_required
def company(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """What this company knows and may see, with a switch for each detail, and under which arrangement it works."""
    third_party = third_party_of(third_party_id)
    relation = _relation(request, third_party_id)
    page = {
        "tab": "sharing",
        "company": third_party,
        "name": names_of([third_party_id])[third_party_id],
        "relation": relation,
        "purpose": register().purpose(sharing.SERVING).description.inn(language()),
        "switches": _switches(request, relation),
    }
    return render(request, "person/company.html", page)


@require_POST
@person_required
def grant(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """Switch on. A special-category detail first asks for the explicit consent to show it to this company."""
    require_only(request)
    _shareable(code)
    if register().field(code).special:
        return redirect("person:special_grant", third_party_id=third_party_id, code=code)
    sharing.grant_field(request.person.person_id, third_party_id, code, by=request.person, at=now())
    return _back(third_party_id, code)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def special_grant(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """The explicit consent for one recipient, asked alone (R-DAT-2)."""
    require_only(request, "answer")
    asked = _shareable(code)
    if not asked.special:
        raise NotFound(code="unknown_field")
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            sharing.grant_special_field(request.person.person_id, third_party_id, code, by=request.person, at=now())
        return _back(third_party_id, code)
    kept = own_values(request.person, fields=[code]).get(code)
    page = {
        "tab": "sharing",
        "company": third_party_of(third_party_id),
        "label": asked.label.inn(language()),
        "text": as_read(asked, kept.text) if kept else "",
        "purpose": register().purpose(sharing.SERVING).description.inn(language()),
    }
    return render(request, "person/special_grant.html", page)


@require_POST
@person_required
def ending(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """Switch off, with effect on the company's next read."""
    require_only(request)
    _shareable(code)
    sharing.end_grant(request.person.person_id, third_party_id, code, by=request.person, at=now())
    return _back(third_party_id, code)


def _relation(request: PersonRequest, third_party_id: UUID) -> Relation | None:
    relations = companies_of(request.person.person_id)
    return next((relation for relation in relations if relation.third_party_id == third_party_id), None)


def _switches(request: PersonRequest, relation: Relation | None) -> list[Switch]:
    """One for each shareable field that has a value or is shared, in the catalogue's order."""
    values = own_values(request.person)
    granted = relation.granted(sharing.SERVING, at=now()) if relation else frozenset()
    shareable = register().purpose(sharing.SERVING).fields
    return [
        Switch(
            field=known,
            label=known.label.inn(language()),
            text=as_read(known, values[code].text) if code in values else "",
            on=code in granted,
            hidden=code in values and values[code].hidden,
        )
        for code, known in register().fields.items()
        if code in shareable and known.status == "in_use" and (code in values or code in granted)
    ]


def _shareable(code: str) -> Field:
    known = register().fields.get(code)
    if known is None or code not in register().purpose(sharing.SERVING).fields:
        raise NotFound(code="unknown_field")
    return known


def _back(third_party_id: UUID, code: str) -> HttpResponse:
    return redirect(f"{reverse('person:company', kwargs={'third_party_id': third_party_id})}#{code}")
