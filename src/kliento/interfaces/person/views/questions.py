"""A company asks: the exact values it would get, two buttons of equal weight, and how things stand afterwards."""

from collections.abc import Callable, Collection, Sequence
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import own_values
from kliento.domain.policy.queries import register
from kliento.domain.questions import actions as questions
from kliento.domain.questions.queries import is_asked, question_as_asked, question_of
from kliento.domain.questions.rules import QuestionView, special_fields
from kliento.domain.recipients.queries import third_party_of
from kliento.domain.sharing.queries import companies_of
from kliento.interfaces.person.agreeing import asks_again, words_of, words_read, words_shown
from kliento.interfaces.person.companies import agreed_grant, grants_of, relation_with
from kliento.interfaces.person.shown import labels_of, shown
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import said

Rest = ParamSpec("Rest")
_CHANGES = frozenset({"question_changed", "wording_changed"})
_MISTAKES = frozenset({"nothing_chosen", "no_answer"})  # what the page can say beside what was ticked


def while_asked(
    view: Callable[Concatenate[PersonRequest, Rest], HttpResponse],
) -> Callable[Concatenate[PersonRequest, Rest], HttpResponse]:
    """The view answers while the question can be answered; once it cannot, the person reads how things stand (404).

    A press of a button that did nothing says so, and a no among them offers what it was meant to do.
    """

    def asked(request: PersonRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as gone:
            if gone.code != "unknown_question":
                raise
            page = _page(request, question_as_asked(UUID(str(kwargs["question_id"]))))
            page |= {"pressed": request.method == "POST", "said_no": request.POST.get("answer") == "refuse"}
            return render(request, "person/question_over.html", page, status=404)

    update_wrapper(asked, view)
    return asked


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@while_asked
def question(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """Who asks for what and why, with the person's own values. POST answers what was seen, nothing else.

    What cannot be done as it was sent comes back with what was ticked.
    """
    require_only(request, "answer", "detail", "seen", "wording")
    asked = question_of(question_id)
    if request.method == "POST":
        try:
            return _answered(request, asked)
        except Conflict as changed:
            if changed.code not in _CHANGES:
                raise
            again: dict[str, object] = {"changed": True}
            status = 409
        except Invalid as mistaken:
            if mistaken.code not in _MISTAKES:
                raise
            again, status = {"problem": mistaken.message}, 400
        page = _page(request, asked, ticked=request.POST.getlist("detail")) | again
        return render(request, "person/question.html", page, status=status)
    return render(request, "person/question.html", _page(request, asked))


@require_safe
@person_required
def answer(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """How things stand after an answer, whether or not the question is asked still: what they see now, until when."""
    page = _page(request, question_as_asked(question_id))
    return render(request, "person/answer.html", page | {"asked_still": is_asked(question_id)})


@require_POST
@person_required
def question_ending(request: PersonRequest, question_id: UUID) -> HttpResponse:
    """Stop sharing what a question asked for, once it can be answered no more."""
    require_only(request)
    questions.stop_asked(question_id, by=request.person, at=now())
    return redirect("person:answer", question_id=question_id)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
@asks_again()
@while_asked
def special_answer(request: PersonRequest, question_id: UUID, code: str) -> HttpResponse:
    """The explicit consent for one ticked special category, asked alone (R-DAT-2); `then` names those that follow.

    A no is kept and ends what is shared (R-CON-7), whether or not the question is asked still.
    """
    require_only(request, "answer", "wording")
    person, at, asked = request.person, now(), question_as_asked(question_id)
    if code not in asked.optional or code not in special_fields(register()):
        raise NotFound(code="unknown_field")
    if request.method == "POST":
        if request.POST.get("answer") == "agree":
            questions.agree_to_special(asked.id, code, shown=words_read(request), by=person, at=at)
        else:
            questions.refuse_special(asked.id, code, by=person, at=at)
        return _next_consent(asked, [each for each in request.GET.getlist("then") if each in asked.optional])
    asked = question_of(question_id)
    [part] = shown([code], own_values(person))
    agreed = agreed_grant(person.person_id, asked.third_party_id, code, purpose=asked.purpose, at=at)
    page = {
        "tab": "sharing",
        "company": third_party_of(asked.third_party_id),
        "asked": part,
        "agreed": agreed,
        "purpose": said(register().purpose(asked.purpose).description),
        "until": asked.until(at),
        "wording": words_shown(Choice(asked.purpose, field=code, recipient_id=asked.third_party_id), to=request.person),
    }
    return render(request, "person/special_grant.html", page)


def _answered(request: PersonRequest, asked: QuestionView) -> HttpResponse:
    """Do what the person said; a detail about health then asks for its own consent (R-DAT-2)."""
    person, at = request.person, now()
    said_by_person = request.POST.get("answer")
    if said_by_person == "refuse":
        questions.refuse_question(asked.id, by=person, at=at)
    elif said_by_person == "share":
        ticked = [*asked.needed, *request.POST.getlist("detail")]
        outcome = questions.answer_question(
            asked.id, ticked, seen=request.POST.get("seen", ""), shown=words_read(request), by=person, at=at
        )
        return _next_consent(asked, outcome.explicit)
    else:
        raise Invalid(_("Choose one of the two buttons."), code="no_answer", pointer="answer")
    return redirect("person:answer", question_id=asked.id)


def _next_consent(asked: QuestionView, explicit: Sequence[str]) -> HttpResponse:
    """On to the first of these, with the rest after it; how things stand when there is none."""
    if not explicit:
        return redirect("person:answer", question_id=asked.id)
    there = reverse("person:special_answer", kwargs={"question_id": asked.id, "code": explicit[0]})
    return redirect(f"{there}?{urlencode({'then': explicit[1:]}, doseq=True)}" if explicit[1:] else there)


def _page(request: PersonRequest, asked: QuestionView, *, ticked: Collection[str] = ()) -> dict[str, object]:
    at, values = now(), own_values(request.person)
    relation = relation_with(companies_of(request.person.person_id), asked.third_party_id)
    standing = grants_of(relation, asked.purpose, at=at)
    needed, optional = shown(asked.needed, values), shown(asked.optional, values)
    already = [part for part in (*needed, *optional) if part.code in standing]
    purpose = register().purpose(asked.purpose)
    return {
        "tab": "sharing",
        "question": asked,
        "company": third_party_of(asked.third_party_id),
        "purpose": said(purpose.label),
        "description": said(purpose.description),
        "wording": words_of(Choice(asked.purpose)),
        "needed": needed,
        "optional": optional,
        "ticked": ticked,
        "choices": [part.code for part in optional if not part.missing],
        "missing": [part for part in needed or optional if part.missing],
        "relation": relation,
        "until": asked.until(at),
        "shared": already,
        "shared_labels": labels_of(already),
        "shared_until": min((each.expires_at for each in standing.values() if each.expires_at), default=None),
    }
