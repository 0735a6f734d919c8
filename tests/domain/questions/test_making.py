"""Making questions, and who may; at most twenty are open at once."""

import pytest

from kliento.domain.questions.actions import (
    ask_member,
    close_question,
)
from kliento.domain.questions.queries import (
    asking_of,
    askings_of,
    closed_questions,
    open_askings,
    open_questions,
    question_by,
    question_of,
)
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.recipients.queries import acts_of
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from tests.elsewhere import held_back
from tests.questions import asks, member_number, yes
from tests.world import (
    NOON,
    aino,
    kahvila_kaisa,
    kuntosali_kunto,
    operator,
    relation_of,
)


def test_a_question_is_noted_in_the_audit_of_those_who_ask(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    assert question_of(question.id) == question
    assert [(act.act, act.reference) for act in acts_of(kaisa.third_party_id, limit=5)][:1] == [
        ("question_made", str(question.id))
    ]


@pytest.mark.parametrize("role", ["till", "analyst"])
def test_a_role_that_may_not_ask_makes_closes_and_puts_no_question(db, role):
    kaisa, me = kahvila_kaisa(), aino()
    question, by = asks(operator(kaisa)), operator(kaisa, role=role)
    for act in (
        lambda: asks(by),
        lambda: close_question(question.id, by, at=NOON),
        lambda: ask_member(question.id, member_number(me, kaisa), by, at=NOON),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.code == "role_lacks_right"


@pytest.mark.parametrize(
    "changes",
    [
        {"needed": ["shoe_colour"]},
        {"purpose": "partner_marketing"},
        {"needed": ["allergies"], "optional": []},
        {"reason": "  "},
    ],
)
def test_what_is_not_declared_cannot_be_asked(db, changes):
    with pytest.raises(Invalid):
        asks(operator(kahvila_kaisa()), **changes)


def test_a_third_party_that_lost_its_approval_asks_and_is_answered_no_more(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(state="suspended")
    for act in (
        lambda: asks(by),
        lambda: question_of(question.id),
        lambda: ask_member(question.id, member_number(me, kaisa), by, at=NOON),
        lambda: yes(question, me),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_askings(me.person_id, at=NOON) == []


def test_a_question_for_a_purpose_the_third_party_lost_is_asked_no_more(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    ThirdParty.objects.filter(id=kaisa.third_party_id).update(purposes=["identification"])
    with pytest.raises(NotFound):
        question_of(question.id)


def test_no_third_party_has_more_than_twenty_open_questions(db):
    by = operator(kahvila_kaisa())
    first, *_others = [asks(by) for _one in range(20)]
    with pytest.raises(Conflict) as refused:
        asks(by)
    assert refused.value.code == "too_many_questions"
    close_question(first.id, by, at=NOON)
    asks(by)


def test_the_last_free_place_goes_to_one_of_two_who_ask_at_once(db):
    by = operator(kahvila_kaisa())
    for _one in range(19):
        asks(by)
    assert held_back(lambda: asks(by), lambda: asks(by)) == "too_many_questions"
    assert len(open_questions(by.third_party_id)) == 20


def test_closed_questions_come_page_by_page(db):
    by = operator(kahvila_kaisa())
    made = [asks(by) for _one in range(3)]
    for question in made[:2]:
        close_question(question.id, by, at=NOON)
    assert open_questions(by.third_party_id) == [made[2]]
    [newest] = closed_questions(by.third_party_id, limit=1)
    [older] = closed_questions(by.third_party_id, before=(newest.made_at, newest.id), limit=1)
    assert {newest.id, older.id} == {question.id for question in made[:2]}


def test_others_neither_put_nor_see_nor_close_a_question(db):
    kaisa, kunto, me = kahvila_kaisa(), kuntosali_kunto(), aino()
    question, stranger = asks(operator(kaisa)), operator(kunto)
    asking_id = ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    for act in (
        lambda: ask_member(question.id, member_number(me, kunto), stranger, at=NOON),
        lambda: ask_member(question.id, member_number(me, kunto), kunto.terminal, at=NOON),
        lambda: close_question(question.id, stranger, at=NOON),
        lambda: question_by(kunto.third_party_id, question.id),
        lambda: asking_of(kunto.third_party_id, asking_id),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_questions(kunto.third_party_id) == closed_questions(kunto.third_party_id, limit=9) == []
    assert askings_of(kunto.third_party_id, relation_of(me, kaisa).relationship_id) == []


def test_a_question_nobody_made_is_not_found(db):
    with pytest.raises(NotFound):
        question_of(new_id())
