"""What may be asked, how often, and what an answer comes to. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kliento.domain.policy.rules import Register, contains_identity_code
from kliento.domain.sharing.rules import LONGEST_GRANT_DAYS

REASON_LENGTH = 300
OPEN_FOR = timedelta(days=30)
ASKED_AT_MOST = 3
ALL_ASKED_AT_MOST = 6  # of all questions of one third party together: another question is no way around the limit
WITHIN = timedelta(days=30)
OPEN_AT_MOST = 20
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # what could reorder or hide text on the person's screen


class Outcome(StrEnum):
    """What became of an asking. `WITHDRAWN`: the third party closed the question first."""

    OPEN = "open"
    SHARED = "shared"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as everybody reads it: never changed once it is made, only closed."""

    id: UUID
    third_party_id: UUID
    purpose: str
    reason: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    grant_days: int | None
    made_at: datetime
    closed_at: datetime | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything it names, the needed ones first."""
        return self.needed + self.optional

    @property
    def seen(self) -> str:
        """What the page sends back with the answer: it stands for exactly what the person saw."""
        said = [str(self.id), self.purpose, self.reason, self.needed, self.optional, self.grant_days]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    def until(self, at: datetime) -> datetime | None:
        """When what is shared by an answer at that moment ends; None where it stays until the person ends it."""
        return at + timedelta(days=self.grant_days) if self.grant_days else None


@dataclass(frozen=True, slots=True)
class AskingView:
    """A question put to one person. `asked_at` is None when nobody asked and the person answered by themself."""

    id: UUID
    question: QuestionView
    asked_at: datetime | None
    expires_at: datetime | None
    answered_at: datetime | None
    shared: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How many were asked, and what they said. `waiting` have not answered yet; the rest never did."""

    asked: int = 0
    shared: int = 0
    refused: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer comes to: `shared` now; `explicit` was ticked too, and waits for its own consent (R-DAT-2)."""

    shared: tuple[str, ...]
    explicit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a question may not be made: a stable code and the part at fault."""

    code: str
    pointer: str


def obstacle_to_question(question: QuestionView, *, purposes: Collection[str], register: Register) -> Obstacle | None:
    """What is wrong with a question of a third party that is approved for these purposes, if anything."""
    declared = register.purposes.get(question.purpose)
    if declared is None or declared.status != "in_use":
        return Obstacle("purpose_not_in_use", "purpose")
    if question.purpose not in purposes:
        return Obstacle("purpose_not_theirs", "purpose")
    if declared.basis != "consent" or "third_party" not in declared.recipient_kinds:
        return Obstacle("purpose_not_shareable", "purpose")
    return _obstacle_in_text(question) or _obstacle_in_fields(question, allowed=declared.fields, register=register)


def answer_of(question: QuestionView, ticked: Collection[str], *, special: Collection[str]) -> Answer | None:
    """All needed fields and the ticked optional ones, in the order asked; None for a field that was not asked."""
    if not set(ticked) <= set(question.fields):
        return None
    chosen = [name for name in question.fields if name in question.needed or name in ticked]
    return Answer(
        shared=tuple(name for name in chosen if name not in special),
        explicit=tuple(name for name in chosen if name in special),
    )


def may_ask(asked_before: Collection[UUID], question_id: UUID) -> bool:
    """Whether a question may be put to somebody whom this third party put these questions to within `WITHIN`."""
    this_one = sum(1 for each in asked_before if each == question_id)
    return this_one < ASKED_AT_MOST and len(asked_before) < ALL_ASKED_AT_MOST


def may_open(already_open: int) -> bool:
    """Whether a third party that has so many open questions may make another."""
    return already_open < OPEN_AT_MOST


def _obstacle_in_text(question: QuestionView) -> Obstacle | None:
    if not question.reason:
        return Obstacle("reason_missing", "reason")
    if len(question.reason) > REASON_LENGTH:
        return Obstacle("reason_too_long", "reason")
    if any(unicodedata.category(character) in _UNSEEN for character in question.reason):
        return Obstacle("control_characters", "reason")
    if contains_identity_code(question.reason):
        return Obstacle("identity_code", "reason")
    if question.grant_days is not None and not 1 <= question.grant_days <= LONGEST_GRANT_DAYS:
        return Obstacle("grant_days_out_of_range", "grant_days")
    return None


def _obstacle_in_fields(question: QuestionView, *, allowed: Collection[str], register: Register) -> Obstacle | None:
    if not question.fields:
        return Obstacle("no_fields", "needed")
    if len(set(question.fields)) < len(question.fields):
        return Obstacle("field_twice", "optional")
    for name in question.fields:
        if not _can_be_shared(name, register=register):
            return Obstacle("field_not_in_use", name)
        if name not in allowed:
            return Obstacle("field_not_in_purpose", name)
    if special := [name for name in question.needed if name in special_fields(register)]:
        return Obstacle("special_only_optional", special[0])
    return None


def special_fields(register: Register) -> frozenset[str]:
    """The fields that may only be asked as optional and are never shared by an answer alone."""
    return frozenset(code for code, field in register.fields.items() if field.special)


def _can_be_shared(name: str, *, register: Register) -> bool:
    """A detail the person keeps, or a fact derived from one; what Kliento keeps is never asked for."""
    field, derived = register.fields.get(name), register.derived.get(name)
    if field is not None:
        return field.keeper == "person" and field.status == "in_use"
    return derived is not None and derived.status == "in_use"
