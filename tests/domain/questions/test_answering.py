"""Answers: all of it or nothing, the last word stands, nothing opens a value."""

import threading

import pytest
from django.db import connections

from kliento.domain.questions.actions import (
    agree_to_special,
    answer_question,
    ask_member,
    refuse_question,
)
from kliento.domain.questions.queries import (
    answers_to,
    asking_of,
    askings_of,
    open_askings,
)
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id
from tests.questions import DAY, asks, kinds, member_number, shared, yes
from tests.world import (
    NOON,
    aino,
    kahvila_kaisa,
    operator,
    relation_of,
    shares,
)


def test_an_answer_shares_what_is_needed_and_what_was_ticked_until_the_day_it_said(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), optional=["first_name", "nickname"])
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    answer = yes(question, me, "first_name")
    assert answer.shared == ("phone", "first_name")
    assert shared(me, kaisa) == {"phone", "first_name"}
    assert shared(me, kaisa, at=NOON + 90 * DAY) == frozenset()
    assert open_askings(me.person_id, at=NOON) == []
    assert answers_to(question.id).shared == 1


def test_a_ticked_special_category_waits_for_its_own_consent(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    answer = yes(question, me, "allergies")
    assert answer.explicit == ("allergies",)
    assert shared(me, kaisa) == {"phone"}


def test_ticking_only_a_special_category_tells_the_third_party_nothing_yet(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), needed=[], optional=["allergies"])
    assert yes(question, me, "allergies").explicit == ("allergies",)
    assert relations([Pair(me.person_id, kaisa.third_party_id)]) == {}


def test_who_ticks_only_a_special_category_has_not_answered_until_they_consent(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), needed=[], optional=["allergies"])
    asking_id = ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    yes(question, me, "allergies")
    assert asking_of(kaisa.third_party_id, asking_id).outcome == "open"
    agree_to_special(question.id, "allergies", by=me, at=NOON)
    answered = asking_of(kaisa.third_party_id, asking_id)
    assert (answered.outcome, answered.shared) == ("shared", ("allergies",))
    with pytest.raises(Invalid):
        agree_to_special(question.id, "phone", by=me, at=NOON)


def test_an_answer_to_something_else_than_what_was_seen_shares_nothing(db):
    kaisa, me = kahvila_kaisa(), aino()
    question, other = asks(operator(kaisa)), asks(operator(kaisa), needed=["phone", "email"])
    with pytest.raises(Conflict) as refused:
        answer_question(other.id, (), seen=question.seen, by=me, at=NOON)
    assert refused.value.code == "question_changed"
    assert shared(me, kaisa) == frozenset()


@pytest.mark.parametrize("fields", [["email"], ["first_name", "shoe_colour"]])
def test_a_field_that_was_not_asked_is_refused_and_the_rest_with_it(db, fields):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    with pytest.raises(Invalid) as refused:
        yes(question, me, *fields)
    assert refused.value.code == "field_not_asked"
    assert shared(me, kaisa) == frozenset()


def test_an_answer_without_any_field_is_no_answer(db):
    question = asks(operator(kahvila_kaisa()), needed=[], optional=["first_name"])
    with pytest.raises(Invalid) as refused:
        yes(question, aino())
    assert refused.value.code == "nothing_chosen"


def test_who_is_no_person_answers_nothing(db):
    kaisa = kahvila_kaisa()
    question = asks(operator(kaisa))
    for nobody in (PersonActor(person_id=new_id(), account_id=new_id()), PersonActor(kaisa.third_party_id, new_id())):
        with pytest.raises(NotFound):
            yes(question, nobody)
        with pytest.raises(NotFound):
            refuse_question(question.id, nobody, at=NOON)


def test_a_person_nobody_asked_can_answer_from_the_link(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    yes(question, me)
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert (asking.asked_at, asking.shared, asking.outcome) == (None, ("phone",), "shared")
    assert answers_to(question.id).asked == 0


def test_a_refusal_is_entered_and_shares_nothing(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)
    refuse_question(question.id, me, at=NOON)
    refuse_question(question.id, me, at=NOON)
    assert kinds(me)[:2] == ["question_refused", "asked"]
    assert shared(me, kaisa) == frozenset()
    assert answers_to(question.id).refused == 1


def test_who_was_never_asked_and_refuses_stays_unknown_to_the_third_party(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa))
    refuse_question(question.id, me, at=NOON)
    assert relations([Pair(me.person_id, kaisa.third_party_id)]) == {}
    assert answers_to(question.id).refused == 0


def test_the_later_of_two_opposite_answers_stands(db):
    kaisa, me = kahvila_kaisa(), aino()
    shares(me, kaisa, "nickname")
    question = asks(operator(kaisa))
    yes(question, me, "first_name")
    refuse_question(question.id, me, at=NOON + DAY)
    assert shared(me, kaisa, at=NOON + DAY) == {"nickname"}
    yes(question, me, at=NOON + 2 * DAY)
    assert shared(me, kaisa, at=NOON + 2 * DAY) == {"nickname", "phone"}


def test_two_tabs_with_opposite_answers_at_once_end_as_one_of_them(db):
    kaisa, me = kahvila_kaisa(), aino()
    question = asks(operator(kaisa), optional=["first_name", "nickname"])
    ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON)

    def run(act):
        act()
        connections.close_all()

    tabs = [
        threading.Thread(target=run, args=(act,))
        for act in (
            lambda: yes(question, me, "first_name", "nickname"),
            lambda: refuse_question(question.id, me, at=NOON),
        )
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert shared(me, kaisa) == set(asking.shared)
    assert len(asking.shared) in (0, 3)
