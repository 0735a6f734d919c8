"""Sharing: who asks, who knows the person, whom one could share with, and what a first visit shares."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import own_values
from kliento.domain.improvement.queries import companies_in_order
from kliento.domain.policy.queries import register
from kliento.domain.questions.queries import open_askings
from kliento.domain.questions.rules import AskingView
from kliento.domain.recipients.queries import RecipientName, approved_third_parties, names_of
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.queries import companies_of, default_set_outdated
from kliento.domain.sharing.queries import default_set as default_set_of
from kliento.domain.sharing.rules import SERVING, Relation
from kliento.interfaces.person.agreeing import asks_again, words_of, words_read
from kliento.interfaces.person.companies import seen_by
from kliento.interfaces.person.shown import shareable, shown
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said


@dataclass(frozen=True, slots=True)
class Company:
    """One row of the list; `shared` is how many details and facts it may see."""

    id: UUID
    name: RecipientName
    relation: Relation | None
    shared: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One who asks."""

    name: RecipientName
    asking: AskingView


@require_safe
@person_required
def companies(request: PersonRequest) -> HttpResponse:
    """Those who ask first, then those who know the person, then the others one could share with."""
    at = now()
    person = request.person
    ordered = companies_in_order(person.person_id, companies_of(person.person_id), by=person, at=at)
    known = {relation.third_party_id: relation for relation in ordered.relations}
    askings = open_askings(person.person_id, at=at)
    others = [one.id for one in approved_third_parties() if one.id not in known]
    names = names_of([*known, *others])
    page = {
        "tab": "sharing",
        "askings": [Waiting(names[one.question.third_party_id], one) for one in askings],
        "known": [Company(id_, names[id_], one, len(seen_by(one, at=at))) for id_, one in known.items()],
        "ordered_by_visits": ordered.by_visits,
        "others": [Company(id_, names[id_], None, 0) for id_ in others],
        "default_note": _default_note(request),
    }
    return render(request, "person/sharing.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@asks_again()
def default_set(request: PersonRequest) -> HttpResponse:
    """What every new company may see from the first visit on: nothing, until something is ticked here."""
    require_only(request, "detail", "wording")
    person = request.person
    if request.method == "POST":
        ticked = request.POST.getlist("detail")
        sharing.set_default_set(person.person_id, ticked, shown=words_read(request), by=person, at=now())
        messages.success(request, _("Saved. It holds from the next first visit on."))
        return redirect("person:sharing")
    chosen, values = default_set_of(person.person_id), own_values(person)
    parts = [
        part
        for part in shown(shareable(SERVING), values)
        if not part.special and (part.code in chosen or not part.missing)
    ]
    page = {
        "tab": "sharing",
        "parts": parts,
        "chosen": chosen,
        "purpose": said(register().purpose(SERVING).description),
        "wording": words_of(Choice(SERVING)),
        "outdated": default_set_outdated(person.person_id),
    }
    return render(request, "person/default_set.html", page)


def _default_note(request: PersonRequest) -> str:
    count = len(default_set_of(request.person.person_id))
    if not count:
        return _("New companies see nothing but a member number")
    return ngettext("New companies see %(count)d detail", "New companies see %(count)d details", count) % {
        "count": count
    }
