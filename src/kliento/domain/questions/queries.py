"""Reading questions: open ones by anybody who has their id, the rest by the third party or person they concern."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.queries import register
from kliento.domain.questions.models import Asking, Question
from kliento.domain.questions.rules import AnswerCounts, AskingView, Outcome, QuestionView
from kliento.domain.recipients.queries import standing_of_row
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AskingToTell:
    """Who was asked, the name of the third party that asks, and its question."""

    person_id: UUID
    company: str
    question_id: UUID


def question_of(question_id: UUID, *, held: bool = False) -> QuestionView:
    """A question that can be answered now. One statement.

    Raises NotFound for one that was closed, whose third party is not approved (any more, or for that purpose), or
    whose purpose is no longer in use. `held`: part of the caller's transaction; whoever closes the question waits
    until that ends (on SQLite the transaction itself is the lock).
    """
    rows = Question.objects.select_related("third_party").filter(id=question_id, closed_at=None)
    row = (rows.select_for_update(of=("self",), no_key=True) if held else rows).first()
    if row is None or not _stands(row):
        raise NotFound(_("This question is not asked any more."), code="unknown_question")
    return view_of(row)


def question_as_asked(question_id: UUID) -> QuestionView:
    """A question whether or not it can be answered any more, for whoever has its link. Raises NotFound."""
    row = Question.objects.filter(id=question_id).first()
    if row is None:
        raise NotFound(code="no_question")
    return view_of(row)


def is_asked(question_id: UUID) -> bool:
    """Whether this question can be answered now. One statement."""
    row = Question.objects.select_related("third_party").filter(id=question_id, closed_at=None).first()
    return row is not None and _stands(row)


def question_by(third_party_id: UUID, question_id: UUID) -> QuestionView:
    """A question of this third party, closed ones too. Raises NotFound, also for questions of others (R-VIS-3)."""
    row = Question.objects.filter(id=question_id, third_party_id=third_party_id).first()
    if row is None:
        raise NotFound(code="unknown_question")
    return view_of(row)


def open_questions(third_party_id: UUID) -> list[QuestionView]:
    """What this third party asks now, newest first: at most `rules.OPEN_AT_MOST`. One statement."""
    rows = Question.objects.filter(third_party_id=third_party_id, closed_at=None)
    return [view_of(row) for row in rows.order_by("-made_at", "-id")]


def closed_questions(
    third_party_id: UUID, *, before: tuple[datetime, UUID] | None = None, limit: int
) -> list[QuestionView]:
    """What it asked once, newest first, at most `limit`; `before` is a (`made_at`, `id`). One statement."""
    rows = Question.objects.filter(third_party_id=third_party_id, closed_at__isnull=False)
    if before is not None:
        made_at, question_id = before
        rows = rows.filter(made_at__lte=made_at).exclude(made_at=made_at, id__gte=question_id)
    return [view_of(row) for row in rows.order_by("-made_at", "-id")[:limit]]


def open_askings(person_id: UUID, *, at: datetime) -> list[AskingView]:
    """What this person has been asked and may answer, the newest first. One statement."""
    rows = Asking.objects.select_related("question__third_party").filter(
        relationship__subject_id=person_id, outcome=Outcome.OPEN, expires_at__gt=at, question__closed_at=None
    )
    return [_asking(row) for row in rows.order_by("-id") if _stands(row.question)]


def asking_to_tell(asking_id: UUID, *, at: datetime) -> AskingToTell | None:
    """Whom an asking is to be told, by whom and what was asked; None once it waits no more. One statement."""
    row = (
        Asking.objects.select_related("question__third_party", "relationship")
        .filter(id=asking_id, outcome=Outcome.OPEN, expires_at__gt=at, question__closed_at=None)
        .first()
    )
    if row is None or row.relationship.subject_id is None or not _stands(row.question):
        return None
    return AskingToTell(row.relationship.subject_id, row.question.third_party.name, row.question_id)


def asking_of(third_party_id: UUID, asking_id: UUID) -> AskingView:
    """One asking, for the third party that asked. Raises NotFound, also for askings of others. One statement."""
    row = Asking.objects.select_related("question").filter(id=asking_id, question__third_party_id=third_party_id)
    for found in row:
        return _asking(found)
    raise NotFound(code="unknown_asking")


def askings_of(third_party_id: UUID, relationship_id: UUID) -> list[AskingView]:
    """What this third party asked one of its members, the newest first. One statement."""
    rows = Asking.objects.select_related("question").filter(
        relationship_id=relationship_id, question__third_party_id=third_party_id
    )
    return [_asking(row) for row in rows.order_by("-id")]


def answers_to(question_id: UUID) -> AnswerCounts:
    """How many were asked and what they said. One statement."""
    return answers_to_each([question_id])[question_id]


def answers_to_each(question_ids: Collection[UUID]) -> dict[UUID, AnswerCounts]:
    """The same for the questions of a page, in one statement; it reads the askings of these alone, by their index."""
    rows = (
        Asking.objects.filter(question_id__in=question_ids)
        .values("question_id")
        .annotate(
            asked=Count("id", filter=Q(asked_at__isnull=False)),
            shared=Count("id", filter=Q(outcome=Outcome.SHARED)),
            refused=Count("id", filter=Q(outcome=Outcome.REFUSED)),
            waiting=Count("id", filter=Q(outcome=Outcome.OPEN)),
        )
        .values_list("question_id", "asked", "shared", "refused", "waiting")
    )
    counted = {question_id: AnswerCounts(*counts) for question_id, *counts in rows}
    return {question_id: counted.get(question_id, AnswerCounts()) for question_id in question_ids}


def describe_person(person_id: UUID) -> dict[str, object]:
    """What the person was asked and what they answered, oldest first, for their export."""
    rows = Asking.objects.select_related("question").filter(relationship__subject_id=person_id).order_by("id")
    return {"questions": [_described(row) for row in rows]}


def view_of(row: Question) -> QuestionView:
    """The question as everybody reads it."""
    return QuestionView(
        id=row.id,
        third_party_id=row.third_party_id,
        purpose=row.purpose,
        reason=row.reason,
        needed=tuple(row.needed),
        optional=tuple(row.optional),
        grant_days=row.grant_days,
        made_at=row.made_at,
        closed_at=row.closed_at,
    )


def _stands(row: Question) -> bool:
    """Whether its third party may still ask it, and the declaration still knows it."""
    declared = register().purposes.get(row.purpose)
    stands = standing_of_row(row.third_party)
    return stands.approved and row.purpose in stands.purposes and declared is not None and declared.status == "in_use"


def _asking(row: Asking) -> AskingView:
    return AskingView(
        id=row.id,
        question=view_of(row.question),
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
        shared=tuple(row.granted),
        outcome=Outcome(row.outcome),
    )


def _described(row: Asking) -> dict[str, object]:
    return {
        "third_party_id": str(row.question.third_party_id),
        "purpose": row.question.purpose,
        "reason": row.question.reason,
        "needed": row.question.needed,
        "optional": row.question.optional,
        "asked_at": row.asked_at.isoformat() if row.asked_at else None,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "outcome": row.outcome,
        "shared": row.granted,
    }
