"""Putting a question to a member: it waits in their Activity, not too often, not for ever."""

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.questions.actions import (
    ask_member,
    close_question,
    erase_person,
    expire_askings,
    refuse_question,
)
from kliento.domain.questions.models import Asking
from kliento.domain.questions.queries import (
    answers_to,
    describe_person,
    open_askings,
)
from kliento.kernel.errors import Conflict, NotFound
from tests.questions import DAY, asks, kinds, member_number, shared, yes
from tests.world import (
    NOON,
    aino,
    eino,
    kahvila_kaisa,
    operator,
)


@pytest.mark.parametrize("who", ["operator", "terminal"])
def test_a_member_is_asked_in_their_activity_and_nothing_has_left(db, who):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    asking_id = ask_member(question.id, member_number(me, kaisa), by if who == "operator" else kaisa.terminal, at=NOON)
    [entry] = [one for one in entries_of([me.person_id]) if one.kind == "asked"]
    assert (entry.recipient_id, entry.fields) == (kaisa.third_party_id, ("phone", "first_name", "allergies"))
    assert str(reading_of(entry).line) == "Asked for your details"
    [waiting] = open_askings(me.person_id, at=NOON)
    assert (waiting.id, waiting.question) == (asking_id, question)
    assert shared(me, kaisa) == frozenset()


def test_asking_while_a_question_waits_is_the_same_asking(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    question = asks(by)
    assert ask_member(question.id, number, by, at=NOON) == ask_member(question.id, number, by, at=NOON + DAY)
    assert kinds(me).count("asked") == 1


def test_nobody_is_asked_the_same_more_than_three_times_in_thirty_days(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    question = asks(by)
    for day in range(3):
        ask_member(question.id, number, by, at=NOON + day * DAY)
        refuse_question(question.id, me, at=NOON + day * DAY)
    with pytest.raises(Conflict) as refused:
        ask_member(question.id, number, by, at=NOON + 29 * DAY)
    assert refused.value.code == "asked_often"
    ask_member(question.id, number, by, at=NOON + 31 * DAY)


def test_another_question_is_no_way_around_the_limit(db):
    kaisa, me = kahvila_kaisa(), aino()
    by, number = operator(kaisa), member_number(me, kaisa)
    for question in [asks(by) for _one in range(6)]:
        ask_member(question.id, number, by, at=NOON)
        close_question(question.id, by, at=NOON)
    another = asks(by)
    with pytest.raises(Conflict) as refused:
        ask_member(another.id, number, by, at=NOON + 29 * DAY)
    assert refused.value.code == "asked_often"
    ask_member(another.id, number, by, at=NOON + 31 * DAY)


def test_a_member_number_of_somebody_who_left_is_unknown(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    with pytest.raises(NotFound) as refused:
        ask_member(question.id, "00000000", kaisa.terminal, at=NOON)
    assert refused.value.code == "unknown_member"


def test_an_asking_nobody_answered_expires_after_thirty_days(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    assert expire_askings(at=NOON + 29 * DAY) == 0
    assert open_askings(me.person_id, at=NOON + 30 * DAY) == []
    assert expire_askings(at=NOON + 30 * DAY) == 1
    assert answers_to(question.id).waiting == 0


def test_the_export_tells_what_was_asked_and_answered(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    yes(question, me)
    assert describe_person(me.person_id) == {
        "questions": [
            {
                "third_party_id": str(kaisa.third_party_id),
                "purpose": "serving",
                "reason": question.reason,
                "needed": ["phone"],
                "optional": ["first_name", "allergies"],
                "asked_at": None,
                "answered_at": NOON.isoformat(),
                "outcome": "shared",
                "shared": ["phone"],
            }
        ]
    }


def test_erasing_forgets_what_one_person_was_asked_and_nobody_elses(db):
    kaisa, me, other = kahvila_kaisa(), aino(), eino()
    question = asks(operator(kaisa))
    for who in (me, other):
        ask_member(question.id, member_number(who, kaisa), kaisa.terminal, at=NOON)
    erase_person(me.person_id, at=NOON)
    assert Asking.objects.count() == 1
    assert len(open_askings(other.person_id, at=NOON)) == 1
