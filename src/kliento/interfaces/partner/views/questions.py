"""Questions: what the company asks its members, made once and put to them by link, QR or one by one."""

from collections.abc import Sequence
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kliento.domain.policy.queries import register
from kliento.domain.questions.actions import ask_member as ask
from kliento.domain.questions.actions import close_question, make_question
from kliento.domain.questions.queries import answers_to, answers_to_each, closed_questions, open_questions, question_by
from kliento.domain.questions.rules import QuestionView
from kliento.domain.recipients.queries import third_party_of
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.queries import relationship_by_number
from kliento.interfaces.partner.addresses import key_in, key_of, take_only
from kliento.interfaces.partner.forms.questions import NEEDED, OPTIONAL, AskForm, QuestionForm
from kliento.interfaces.partner.reading import in_order, shareable
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict, Invalid
from kliento.web.forms import require_only
from kliento.web.guards import OperatorRequest, operator_required
from kliento.web.reading import label_of, labels_of, plain_number, said, written_in

PAGE = 50


@require_safe
@operator_required(Right.ASK_MEMBERS)
def questions(request: OperatorRequest) -> HttpResponse:
    """Every question of the company, the open ones first, with how they were answered; closed ones page by page."""
    take_only(request, "before")
    third_party_id, before = request.operator.third_party_id, key_in(request)
    found = closed_questions(third_party_id, before=before, limit=PAGE + 1)
    closed = found[:PAGE]
    listed = [*([] if before else open_questions(third_party_id)), *closed]
    answers = answers_to_each([question.id for question in listed])
    page = {
        "tab": "questions",
        "questions": [(question, labels_of(question.fields), answers[question.id]) for question in listed],
        "next_before": key_of(closed[-1].made_at, closed[-1].id) if len(found) > PAGE else None,
        "is_first": before is None,
    }
    return render(request, "partner/questions.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required(Right.ASK_MEMBERS)
def new_question(request: OperatorRequest) -> HttpResponse:
    """Make one: it is never changed afterwards, so that everybody answers what they saw."""
    take_only(request)
    purposes = _purposes(request)
    form = QuestionForm.about(
        request,
        purposes=[(code, said(register().purpose(code).label)) for code in purposes],
        details=[(code, label_of(code)) for code in _askable(purposes)],
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, form)
        except (Conflict, Invalid) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The question is open. Share its link, or show the code."))
            return redirect("partner:question", question_id=made.id)
    page = {"tab": "questions", "form": form}
    return render(request, "partner/new_question.html", page, status=400 if form.errors else 200)


@require_safe
@operator_required(Right.ASK_MEMBERS)
def question(request: OperatorRequest, question_id: UUID) -> HttpResponse:
    """One question with its link and QR code, and how it was answered."""
    take_only(request)
    asked = question_by(request.operator.third_party_id, question_id)
    address = f"{settings.KLIENTO_URL}{reverse('person:question', kwargs={'question_id': asked.id})}"
    page = {
        "tab": "questions",
        "question": asked,
        "needed": labels_of(asked.needed),
        "optional": labels_of(asked.optional),
        "purpose": said(register().purpose(asked.purpose).label),
        "answers": answers_to(asked.id),
        "address": address,
        "picture": segno.make(address, error="m").svg_data_uri(border=4, light="#fff"),
    }
    return render(request, "partner/question.html", page)


@require_POST
@operator_required(Right.ASK_MEMBERS)
def closing(request: OperatorRequest, question_id: UUID) -> HttpResponse:
    """Ask it no more."""
    require_only(request)
    close_question(question_id, request.operator, at=now())
    messages.success(request, _("The question is closed. What was shared stays shared until its owner ends it."))
    return redirect("partner:question", question_id=question_id)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required(Right.ASK_MEMBERS)
def ask_member(request: OperatorRequest, number: str) -> HttpResponse:
    """Put an open question to one member, who finds it on their phone."""
    take_only(request)
    number = plain_number(number)
    relationship_by_number(request.operator.third_party_id, number)
    listed = open_questions(request.operator.third_party_id)
    form = AskForm.of(request)
    written = third_party_of(request.operator.third_party_id).language
    form.choose_from([(each.id, _in_a_line(each, written)) for each in listed])
    if request.method == "POST" and form.is_valid():
        try:
            ask(UUID(form.cleaned_data["question"]), number, request.operator, at=now())
        except Conflict as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Asked. They find the question on their phone."))
            return redirect("partner:member", number=number)
    page = {"tab": "members", "form": form, "number": number, "questions": listed}
    return render(request, "partner/ask_member.html", page, status=400 if form.errors else 200)


def _in_a_line(question: QuestionView, written: str) -> SafeString:
    return format_html("{} – {}", labels_of(question.fields), written_in(question.reason, written))


def _make(request: OperatorRequest, form: QuestionForm) -> QuestionView:
    said_there = form.cleaned_data
    return make_question(
        request.operator,
        purpose=said_there["purpose"],
        reason=said_there["reason"],
        needed=form.asked(NEEDED),
        optional=form.asked(OPTIONAL),
        grant_days=int(said_there["grant_days"]) or None,
        at=now(),
    )


def _purposes(request: OperatorRequest) -> list[str]:
    """What the company may ask for: purposes in use that rest on consent and let third parties in."""
    approved = third_party_of(request.operator.third_party_id).purposes
    return [
        code
        for code, purpose in register().purposes.items()
        if code in approved
        and purpose.status == "in_use"
        and purpose.basis == "consent"
        and "third_party" in purpose.recipient_kinds
        and shareable(code)
    ]


def _askable(purposes: Sequence[str]) -> list[str]:
    return in_order({code for purpose in purposes for code in shareable(purpose)})
