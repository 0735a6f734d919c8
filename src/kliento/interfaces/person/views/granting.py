"""One detail and one company: share it, say until when, stop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.recipients.queries import third_party_of
from kliento.domain.sharing import actions as sharing
from kliento.domain.sharing.queries import companies_of
from kliento.domain.sharing.rules import SERVING
from kliento.interfaces.person.agreeing import asks_again, words_read, words_shown
from kliento.interfaces.person.companies import agreed_grant, end_chosen_before, grants_of, relation_with
from kliento.interfaces.person.forms.sharing import UntilForm
from kliento.interfaces.person.shown import Shown, shareable, shown
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said


@require_POST
@person_required
def grant(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """Switch on. A special-category detail first asks for the explicit consent to show it to this company.

    Where the words about sharing have changed since the page was made, nothing is shared and they stand there anew.
    """
    require_only(request, "wording")
    if _asked(request, code).special:
        return redirect("person:special_grant", third_party_id=third_party_id, code=code)
    person, read, at = request.person, words_read(request), now()
    until = end_chosen_before(person.person_id, third_party_id, code, at=at)
    try:
        sharing.grant_field(person.person_id, third_party_id, code, until=until, shown=read, by=person, at=at)
    except Conflict as changed:
        if changed.code != "wording_changed":
            raise
        messages.error(request, str(changed.message))
    return _back(third_party_id, code)


@require_POST
@person_required
def outdated_ending(request: PersonRequest, third_party_id: UUID) -> HttpResponse:
    """Leave off what was shared under words that have changed since; nobody asks about it again."""
    require_only(request)
    sharing.end_outdated(request.person.person_id, third_party_id, by=request.person, at=now())
    return redirect("person:company", third_party_id=third_party_id)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@asks_again()
def special_grant(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """The explicit consent for one recipient, asked alone (R-DAT-2); a no is kept and ends what is shared (R-CON-7).

    What is shared already says so; keeping it changes nothing, its end neither.
    """
    require_only(request, "answer", "wording")
    person, at, asked = request.person, now(), _asked(request, code)
    if not asked.special:
        raise NotFound(code="unknown_field")
    company = third_party_of(third_party_id)
    choice = Choice(SERVING, field=code, recipient_id=third_party_id)
    agreed = agreed_grant(person.person_id, third_party_id, code, at=at)
    before = end_chosen_before(person.person_id, third_party_id, code, at=at)
    until = agreed.expires_at if agreed else before
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            read = words_read(request)
            sharing.grant_special_field(
                person.person_id, third_party_id, code, until=until, shown=read, by=person, at=at
            )
        else:
            sharing.refuse_consent(person.person_id, choice, by=person, at=at)
        return _back(third_party_id, code)
    page = {
        "tab": "sharing",
        "company": company,
        "asked": asked,
        "agreed": agreed,
        "until": until,
        "purpose": said(register().purpose(SERVING).description),
        "wording": words_shown(choice, to=request.person),
    }
    return render(request, "person/special_grant.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def grant_end(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """Until when this company may see this detail: a last day, or as long as it is shared."""
    require_only(request, "day")
    person, at = request.person, now()
    asked, third_party = _asked(request, code), third_party_of(third_party_id)
    relation = relation_with(companies_of(person.person_id), third_party_id)
    standing = grants_of(relation, SERVING, at=at).get(code)
    if standing is None:
        raise NotFound(code="not_shared")
    form = UntilForm(request.POST if request.method == "POST" else None, until=standing.expires_at)
    if form.is_bound and form.is_valid():
        try:
            sharing.change_end(person.person_id, third_party_id, code, until=form.until(), by=person, at=at)
        except Invalid as refused:
            form.add_error("day", str(refused.message))
        else:
            return _back(third_party_id, code)
    page = {"tab": "sharing", "company": third_party, "asked": asked, "form": form}
    return render(request, "person/grant_end.html", page, status=400 if form.errors else 200)


@require_POST
@person_required
def ending(request: PersonRequest, third_party_id: UUID, code: str) -> HttpResponse:
    """Switch off, with effect on the company's next read."""
    require_only(request)
    _known(code)
    sharing.end_grant(request.person.person_id, third_party_id, code, by=request.person, at=now())
    return _back(third_party_id, code)


def _asked(request: PersonRequest, code: str) -> Shown:
    """The part in question, with what the company would read."""
    [part] = shown([_known(code)], own_values(request.person))
    return part


def _known(code: str) -> str:
    if code not in shareable(SERVING):
        raise NotFound(code="unknown_field")
    return code


def _back(third_party_id: UUID, code: str) -> HttpResponse:
    return redirect(f"{reverse('person:company', kwargs={'third_party_id': third_party_id})}#{code}")
