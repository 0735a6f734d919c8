"""Asking and answering. The third party asks; only the person answers, and an answer is grants (`sharing`)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.rules import Choice, Shown
from kliento.domain.outbox.actions import enqueue
from kliento.domain.people.queries import lock_people, lock_self
from kliento.domain.policy.queries import register
from kliento.domain.questions import rules
from kliento.domain.questions.models import Asking, Question
from kliento.domain.questions.queries import question_as_asked, question_by, question_of, view_of
from kliento.domain.questions.rules import Answer, Outcome, QuestionView
from kliento.domain.recipients.actions import note_act
from kliento.domain.recipients.queries import require, standing_of_row, third_party_of
from kliento.domain.recipients.rules import Right
from kliento.domain.sharing.actions import end_grant, grant_field, grant_special_field, refuse_consent
from kliento.domain.sharing.queries import may_be_asked, relation_of, relationship_by_number
from kliento.domain.sharing.rules import LONGEST_GRANT_DAYS, Pair
from kliento.kernel.actor import OperatorActor, PersonActor, TerminalActor
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id


def make_question(
    by: OperatorActor,
    *,
    purpose: str,
    reason: str,
    needed: Collection[str],
    optional: Collection[str] = (),
    grant_days: int | None = None,
    at: datetime,
) -> QuestionView:
    """Make a question this third party can put to its members; it is never changed afterwards, only closed.

    `grant_days`: how long what is shared by an answer stays shared; None is until the person ends it. Raises NotAllowed
    for a role that may not ask, NotFound while the third party is not approved, Invalid for what may not be asked,
    Conflict with code "too_many_questions" while `rules.OPEN_AT_MOST` are open.
    """
    require(by, Right.ASK_MEMBERS)
    third_party = third_party_of(by.third_party_id)
    stands = standing_of_row(third_party)
    if not stands.approved:
        raise NotFound(code="third_party_unknown")
    question = QuestionView(
        id=new_id(),
        third_party_id=third_party.id,
        purpose=purpose,
        reason=" ".join(reason.split()),
        needed=tuple(needed),
        optional=tuple(optional),
        grant_days=grant_days,
        made_at=at,
    )
    obstacle = rules.obstacle_to_question(question, purposes=stands.purposes, register=register())
    if obstacle:
        raise Invalid(_words()[obstacle.code], code=obstacle.code, pointer=obstacle.pointer)
    with transaction.atomic():
        third_party_of(third_party.id, held=True)  # two at once would both find room for the last one
        if not rules.may_open(Question.objects.filter(third_party_id=third_party.id, closed_at=None).count()):
            raise Conflict(_("Close a question before you make another."), code="too_many_questions")
        row = Question.objects.create(
            id=question.id,
            third_party_id=question.third_party_id,
            purpose=question.purpose,
            reason=question.reason,
            needed=list(question.needed),
            optional=list(question.optional),
            grant_days=question.grant_days,
            made_at=at,
        )
        note_act(by, "question_made", reference=str(row.id), at=at)
    return view_of(row)


def close_question(question_id: UUID, by: OperatorActor, *, at: datetime) -> None:
    """Ask this no more: nobody can answer it from now on. What was shared stays the person's choice.

    Closing again changes nothing. Raises NotAllowed for a role that may not ask, NotFound for others' questions.
    """
    require(by, Right.ASK_MEMBERS)
    question = question_by(by.third_party_id, question_id)
    with transaction.atomic():  # the first update waits for whoever holds the question to answer or to ask it
        if Question.objects.filter(id=question.id, closed_at=None).update(closed_at=at):
            Asking.objects.filter(question_id=question.id, outcome=Outcome.OPEN).update(outcome=Outcome.WITHDRAWN)
            note_act(by, "question_closed", reference=str(question.id), at=at)


def ask_member(question_id: UUID, member_number: str, by: OperatorActor | TerminalActor, *, at: datetime) -> UUID:
    """Put the question to a member, who finds it in Activity and among what waits for an answer. The asking's id.

    While it is open, asking again is the same asking. Raises NotFound for questions and member numbers of others,
    Conflict with code "asked_often" past what `rules.may_ask` allows, with "cannot_be_asked" for who paused or stopped
    sharing with this third party, or restricted the use of their data; it is not told which (R-VIS-8).
    """
    if isinstance(by, OperatorActor):
        require(by, Right.ASK_MEMBERS)
    question = question_of(question_id)
    if question.third_party_id != by.third_party_id:
        raise NotFound(code="unknown_question")
    relation = relationship_by_number(by.third_party_id, member_number)
    with transaction.atomic():
        person = lock_people([relation.subject_id]).get(relation.subject_id)
        if person is None or person.state not in ("active", "restricted"):
            raise NotFound(code="unknown_member")  # as for a number that does not exist
        question_of(question.id, held=True)
        if person.state == "restricted" or not may_be_asked(relation.relationship_id):
            raise Conflict(_("This person cannot be asked now."), code="cannot_be_asked")
        before = Asking.objects.filter(question_id=question.id, relationship_id=relation.relationship_id)
        before.filter(outcome=Outcome.OPEN, expires_at__lte=at).update(outcome=Outcome.EXPIRED)
        if still_open := before.filter(outcome=Outcome.OPEN).first():
            return still_open.id
        lately = Asking.objects.filter(relationship_id=relation.relationship_id, asked_at__gt=at - rules.WITHIN)
        if not rules.may_ask(list(lately.values_list("question_id", flat=True)), question.id):
            raise Conflict(
                _("You have asked this person often enough. They can still answer by themself."), code="asked_often"
            )
        asking = Asking.objects.create(
            question_id=question.id,
            relationship_id=relation.relationship_id,
            asked_at=at,
            expires_at=at + rules.OPEN_FOR,
        )
        asker = {"terminal_id": str(by.terminal_id)} if isinstance(by, TerminalActor) else {}
        record([_entry(person.id, "asked", question, payload=asker, at=at)])
        enqueue("asked", ref=str(asking.id), subject_id=person.id, at=at)
        if isinstance(by, OperatorActor):
            note_act(by, "member_asked", reference=member_number, at=at)
    return asking.id


def answer_question(
    question_id: UUID,
    fields: Collection[str],
    *,
    seen: str,
    shown: Shown | None = None,
    by: PersonActor,
    at: datetime,
) -> Answer:
    """Share every needed field and those of `fields` that are optional, and nothing else; all of it or none.

    `seen` is `QuestionView.seen` of what the person was shown. Works with or without having been asked; the later of
    two answers stands. Special categories that were ticked are not shared by this: they come back as
    `Answer.explicit`, each for its own explicit consent (`agree_to_special`, R-DAT-2). While nothing is shared, the
    question is not answered and the third party learns nothing.

    Raises NotFound for a question that is not asked any more, Conflict with code "question_changed" when it is not
    what was seen, or "wording_changed" when the words about its purpose are not those of `shown` any more, Invalid for
    a field that was not asked or when nothing was chosen.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        question = question_of(question_id, held=True)
        if seen != question.seen:
            raise Conflict(_("The question has changed. Read it again before you answer."), code="question_changed")
        answer = rules.answer_of(question, fields, special=rules.special_fields(register()))
        if answer is None:
            raise Invalid(_("That was not asked."), code="field_not_asked", pointer="fields")
        if not answer.shared and not answer.explicit:
            raise Invalid(_("Choose what to share, or answer no."), code="nothing_chosen", pointer="fields")
        for name in answer.shared:
            grant_field(
                by.person_id,
                question.third_party_id,
                name,
                purpose=question.purpose,
                until=question.until(at),
                shown=shown,
                by=by,
                at=at,
            )
        if answer.shared:
            _note_answer(question, by, shared=answer.shared, at=at)
    return answer


def agree_to_special(
    question_id: UUID, field: str, *, shown: Shown | None = None, by: PersonActor, at: datetime
) -> None:
    """Share a special category that a question asks for, with the explicit consent for this recipient (R-DAT-2).

    It ends when the rest of the answer would, and with a no to the question. Call it only from the step that asks for
    that consent and nothing else. Raises as `answer_question` does.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        question = question_of(question_id, held=True)
        if field not in question.optional:
            raise Invalid(_("That was not asked."), code="field_not_asked", pointer="fields")
        until = question.until(at)
        grant_special_field(
            by.person_id,
            question.third_party_id,
            field,
            purpose=question.purpose,
            until=until,
            shown=shown,
            by=by,
            at=at,
        )
        _note_answer(question, by, shared=(field,), at=at)


def refuse_special(question_id: UUID, field: str, *, by: PersonActor, at: datetime) -> None:
    """Say no to the explicit consent that a question's special category needs; what is shared of it there ends.

    A no needs no open question. The askings say what is left of the answer, or that it is a no; who was never asked
    leaves no trace with the third party. Raises NotFound for a question nobody made, Invalid for what it did not ask.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        question = question_as_asked(question_id)
        if field not in question.optional:
            raise Invalid(_("That was not asked."), code="field_not_asked", pointer="fields")
        choice = Choice(question.purpose, field=field, recipient_id=question.third_party_id)
        refuse_consent(by.person_id, choice, by=by, at=at)
        for asking in _askings(question, by):
            if field in asking.granted or asking.outcome == Outcome.OPEN:
                left = [name for name in asking.granted if name != field]
                _close(asking, Outcome.SHARED if left else Outcome.REFUSED, shared=left, at=at)


def refuse_question(question_id: UUID, by: PersonActor, *, at: datetime) -> None:
    """Say no. What any earlier answer to this question shared ends with it, consents included; nothing else changes.

    Who was never asked and refuses leaves no trace with the third party. Refusing again changes nothing.
    Raises NotFound for a question that is not asked any more.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        question = question_of(question_id, held=True)
        askings = _askings(question, by)
        agreed = [asking for asking in askings if asking.granted]
        if askings and askings[0].outcome == Outcome.REFUSED and not agreed:
            return
        for name in sorted({name for asking in agreed for name in asking.granted}):
            end_grant(by.person_id, question.third_party_id, name, purpose=question.purpose, by=by, at=at)
        for asking in {*askings[:1], *agreed}:
            _close(asking, Outcome.REFUSED, shared=[], at=at)
        record([_entry(by.person_id, "question_refused", question, payload={}, at=at)])


def stop_asked(question_id: UUID, by: PersonActor, *, at: datetime) -> None:
    """End whatever of a question's details is shared for its purpose, however it came to be. Needs no open question.

    The answers that were given stay what they were. Raises NotFound for a question nobody made.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        question = question_as_asked(question_id)
        for name in question.fields:
            end_grant(by.person_id, question.third_party_id, name, purpose=question.purpose, by=by, at=at)


def expire_askings(*, at: datetime) -> int:
    """Askings nobody answered in time wait no longer; how many there were."""
    return Asking.objects.filter(outcome=Outcome.OPEN, expires_at__lte=at).update(outcome=Outcome.EXPIRED)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Forget what was asked of this person; before `sharing` forgets whose relationships these were."""
    Asking.objects.filter(relationship__subject_id=person_id).delete()


def _note_answer(question: QuestionView, by: PersonActor, *, shared: Collection[str], at: datetime) -> None:
    """Note it on the newest asking, besides what an earlier answer to that asking shared."""
    askings = _askings(question, by)
    if not askings:
        relation = relation_of(Pair(by.person_id, question.third_party_id))
        askings = [Asking.objects.create(question_id=question.id, relationship_id=relation.relationship_id)]
    shared = {*askings[0].granted, *shared}
    _close(askings[0], Outcome.SHARED, shared=[name for name in question.fields if name in shared], at=at)


def _askings(question: QuestionView, by: PersonActor) -> list[Asking]:
    """Every asking of this question to this person, newest first, held until the transaction ends."""
    asked = Asking.objects.filter(question_id=question.id, relationship__subject_id=by.person_id)
    return list(asked.select_for_update(of=("self",)).order_by("-id"))


def _close(asking: Asking, outcome: Outcome, *, shared: list[str], at: datetime) -> None:
    asking.outcome, asking.answered_at, asking.granted = outcome, at, shared
    asking.save(update_fields=["outcome", "answered_at", "granted"])


def _entry(person_id: UUID, kind: str, question: QuestionView, *, payload: dict[str, str], at: datetime) -> NewEntry:
    return NewEntry(
        subject_id=person_id,
        kind=kind,
        at=at,
        recipient_id=question.third_party_id,
        purpose=question.purpose,
        basis=register().purpose(question.purpose).basis,
        fields=question.fields,
        payload={"question_id": str(question.id), **payload},
    )


def _words() -> dict[str, str]:
    return {
        "purpose_not_in_use": _("This purpose is not in use."),
        "purpose_not_theirs": _("Your organisation is not approved for this purpose."),
        "purpose_not_shareable": _("Nothing can be asked for this purpose."),
        "reason_missing": _("Say in your own words why you ask."),
        "reason_too_long": _("Shorten the reason to at most %(limit)s characters.") % {"limit": rules.REASON_LENGTH},
        "control_characters": _("Remove the characters that cannot be seen and try again."),
        "identity_code": _("Do not write a personal identity code here. Kliento does not keep them."),
        "grant_days_out_of_range": _("Choose from 1 to %(limit)s days.") % {"limit": LONGEST_GRANT_DAYS},
        "no_fields": _("Choose at least one detail to ask for."),
        "field_twice": _("A detail is either needed or optional."),
        "field_not_in_use": _("This detail cannot be asked for."),
        "field_not_in_purpose": _("This detail is not part of that purpose."),
        "special_only_optional": _("This detail can only be optional."),
    }
