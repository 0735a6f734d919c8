"""The questions of the till's third party, as the till names them."""

from dataclasses import dataclass
from uuid import UUID

from kliento.domain.questions.queries import open_questions
from kliento.domain.questions.rules import QuestionView
from kliento.kernel.actor import TerminalActor
from kliento.web.reading import labels_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for, and why."""

    id: UUID
    fields: str
    reason: str


def askable(terminal: TerminalActor) -> list[Asked]:
    """The open ones, newest first."""
    return [in_words(question) for question in open_questions(terminal.third_party_id)]


def in_words(question: QuestionView) -> Asked:
    """The same, in the language of the page."""
    return Asked(question.id, labels_of(question.fields), question.reason)
