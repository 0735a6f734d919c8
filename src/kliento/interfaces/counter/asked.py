"""The questions of the till's third party, as the till names them."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from kliento.domain.policy.queries import register
from kliento.domain.questions.queries import questions_by
from kliento.domain.questions.rules import QuestionView
from kliento.kernel.actor import TerminalActor


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for, and why."""

    id: UUID
    fields: str
    reason: str


def askable(terminal: TerminalActor) -> list[Asked]:
    """The open ones, newest first."""
    return [in_words(question) for question in questions_by(terminal.third_party_id) if question.closed_at is None]


def in_words(question: QuestionView) -> Asked:
    """The same, in the language of the page."""
    return Asked(question.id, ", ".join(map(_label, question.fields)), question.reason)


def _label(code: str) -> str:
    """The name of a field or derived fact; its code, should the declaration no longer know it."""
    known = register().fields.get(code) or register().derived.get(code)
    return known.label.inn((get_language() or "en")[:2]) if known else code
