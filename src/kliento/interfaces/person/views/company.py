"""One company: what it may see, what it did with that, and every way to share less with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import SPECIAL_VISITS
from kliento.domain.programmes import actions as programmes
from kliento.domain.recipients.queries import RecipientName, premises_of, third_party_of
from kliento.domain.recipients.rules import initials_of
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.queries import companies_of, notices_of
from kliento.domain.sharing.rules import PROGRAMME, SERVING
from kliento.interfaces.person.agreeing import asks_again, words_of, words_read, words_shown
from kliento.interfaces.person.companies import (
    grants_of,
    outdated_labels,
    relation_with,
    switches_of,
    telling_places,
)
from kliento.interfaces.person.feed import lines_about
from kliento.interfaces.person.shown import labels_of, shown
from kliento.interfaces.person.wallet import cards_with
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import label_of, said

_LATEST = 10


@dataclass(frozen=True, slots=True)
class Notice:
    """A field whose copy they were asked to delete, and whether they confirmed that it is gone."""

    label: str
    made_at: datetime
    confirmed_at: datetime | None


@require_safe
@person_required
def company(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """What this company knows, may see and did; its copies to delete; how to pause or stop; who it is."""
    third_party = third_party_of(third_party_id)
    name = RecipientName(third_party.name, initials_of(third_party.name), third_party.colour, third_party.language)
    page = {
        "tab": "sharing",
        "company": third_party,
        "name": name,
        "purpose": said(register().purpose(SERVING).description),
        "cards": cards_with(request.person, third_party_id),
        "lines": lines_about(request.person, third_party_id, name, limit=_LATEST),
        "notices": _notices(request.person, third_party_id),
        **_shared(request.person, third_party_id, at=now()),
        **_telling(request.person, third_party_id),
    }
    return render(request, "person/company.html", page)


@require_POST
@person_required
def pausing(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """Show this company nothing until resumed; what was chosen stays chosen."""
    require_only(request)
    sharing.pause_sharing(request.person.person_id, third_party_id, by=request.person, at=now())
    return _back(third_party_id)


@require_POST
@person_required
def resuming(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """End the pause."""
    require_only(request)
    sharing.resume_sharing(request.person.person_id, third_party_id, by=request.person, at=now())
    return _back(third_party_id)


@require_POST
@person_required
def stopping(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """Stop sharing everything with this company in one step; a loyalty card of theirs goes out of use."""
    require_only(request)
    third_party = third_party_of(third_party_id)
    programmes.stop_company(request.person.person_id, third_party_id, by=request.person, at=now())
    messages.success(request, _("You share nothing with %(company)s any more.") % {"company": third_party.name})
    return _back(third_party_id)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@asks_again()
def special_visits(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """The explicit consent to visits that tell about health, union or belief, asked alone (R-VIS-7)."""
    require_only(request, "answer", "wording")
    third_party = third_party_of(third_party_id)
    places = telling_places(premises_of(third_party_id))
    if not places:
        raise NotFound(code="nothing_to_agree_to")
    choice = Choice(SPECIAL_VISITS, recipient_id=third_party_id)
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            give_consent(request.person.person_id, choice, shown=words_read(request), by=request.person, at=now())
        else:
            sharing.refuse_consent(request.person.person_id, choice, by=request.person, at=now())
        return _back(third_party_id)
    purpose = register().purpose(SPECIAL_VISITS)
    page = {
        "tab": "sharing",
        "company": third_party,
        "places": places,
        "purpose": said(purpose.description),
        "retention": said(register().retention[purpose.retention].label),
        "wording": words_shown(choice, to=request.person),
        "agreed": choice in standing(request.person.person_id),
    }
    return render(request, "person/special_visits.html", page)


@require_POST
@person_required
def visits_withdrawal(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """Withdraw that consent, in as many steps as giving it (R-CON-4)."""
    require_only(request)
    choice = Choice(SPECIAL_VISITS, recipient_id=third_party_of(third_party_id).id)
    sharing.withdraw_consent(request.person.person_id, choice, by=request.person, at=now())
    return _back(third_party_id)


def _shared(person: PersonActor, third_party_id: UUID, *, at: datetime) -> dict[str, object]:
    """What they may see, by switch and for a loyalty card, and what could be shared besides."""
    relation = relation_with(companies_of(person.person_id), third_party_id)
    values = own_values(person)
    switches = switches_of(relation, values, at=at)
    on = [switch for switch in switches if switch.on]
    for_card = shown(grants_of(relation, PROGRAMME, at=at), values)
    return {
        "relation": relation,
        "wording": words_of(Choice(SERVING)),
        "outdated": outdated_labels(relation) if relation else "",
        "shared": on,
        "not_shared": [switch for switch in switches if not switch.on],
        "card_labels": labels_of(for_card),
        "may_stop": bool(on or for_card or (relation and relation.paused_at)),
    }


def _notices(person: PersonActor, third_party_id: UUID) -> list[Notice]:
    return [
        Notice(label_of(notice.field), notice.made_at, notice.confirmed_at)
        for notice in notices_of(person.person_id, third_party_id)
    ]


def _telling(person: PersonActor, third_party_id: UUID) -> dict[str, object]:
    """Premises where a visit tells more, and whether the person agreed to that."""
    places = telling_places(premises_of(third_party_id))
    choice = Choice(SPECIAL_VISITS, recipient_id=third_party_id)
    return {"places": places, "visits_agreed": bool(places) and choice in standing(person.person_id)}


def _back(third_party_id: UUID) -> HttpResponse:
    return redirect("person:company", third_party_id=third_party_id)
