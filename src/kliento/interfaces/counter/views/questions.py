"""The third party's questions at the counter: asked of the customer who was scanned, or shown to whoever comes."""

from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.questions.actions import ask_member
from kliento.domain.questions.queries import question_of
from kliento.domain.recipients.queries import place_of
from kliento.interfaces.counter.asked import askable, in_words
from kliento.interfaces.counter.forms import AskForm, understood
from kliento.interfaces.counter.paired import TillRequest, may_use_camera, terminal_required
from kliento.interfaces.counter.results import asked, refused
from kliento.interfaces.counter.screen import screen
from kliento.kernel.clock import now
from kliento.kernel.errors import KlientoError, NotFound
from kliento.web.forms import require_only


@require_POST
@terminal_required
@may_use_camera
def ask(request: TillRequest) -> HttpResponse:
    """Put a question to the member who was scanned; they find it on their phone."""
    require_only(request, *AskForm.base_fields)
    sent = understood(AskForm(request.POST))
    try:
        ask_member(sent["question_id"], sent["member_number"], request.terminal, at=now())
    except KlientoError as error:
        return screen(request, result=refused(error, at=request.terminal))
    return screen(request, result=asked())


@require_safe
@terminal_required
def questions(request: TillRequest) -> HttpResponse:
    """Every open question; the only one at once."""
    found = askable(request.terminal)
    if len(found) == 1:
        return redirect("counter:question", question_id=found[0].id)
    return render(request, "counter/questions.html", {"place": place_of(request.terminal), "questions": found})


@require_safe
@terminal_required
def question(request: TillRequest, question_id: UUID) -> HttpResponse:
    """A question as a code that leads any phone to its page."""
    found = question_of(question_id)
    if found.third_party_id != request.terminal.third_party_id:
        raise NotFound(code="unknown_question")
    address = f"{settings.KLIENTO_URL}{reverse('person:question', kwargs={'question_id': found.id})}"
    page = {
        "place": place_of(request.terminal),
        "question": in_words(found),
        "address": address,
        "picture": segno.make(address, error="m").svg_data_uri(border=4, light="#fff"),
    }
    return render(request, "counter/question.html", page)
