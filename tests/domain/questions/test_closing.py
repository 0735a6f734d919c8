"""Closing a question: nobody answers it any more, and what was shared stays."""

import pytest

from kliento.domain.questions.actions import (
    ask_member,
    close_question,
    refuse_question,
)
from kliento.domain.questions.queries import (
    askings_of,
    open_askings,
    question_by,
)
from kliento.kernel.errors import NotFound
from tests.elsewhere import held_back
from tests.questions import DAY, asks, member_number, shared, yes
from tests.world import (
    NOON,
    aino,
    kahvila_kaisa,
    operator,
    relation_of,
)


def test_a_closed_question_waits_for_no_answer_and_takes_none(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    close_question(question.id, by, at=NOON)
    close_question(question.id, by, at=NOON + DAY)
    assert open_askings(me.person_id, at=NOON) == []
    assert question_by(kaisa.third_party_id, question.id).closed_at == NOON
    with pytest.raises(NotFound):
        yes(question, me)


@pytest.mark.parametrize(
    "act",
    [
        lambda question, me, kaisa: yes(question, me),
        lambda question, me, kaisa: refuse_question(question.id, me, at=NOON),
        lambda question, me, kaisa: ask_member(question.id, member_number(me, kaisa), kaisa.terminal, at=NOON),
    ],
    ids=["answering", "refusing", "asking"],
)
def test_nothing_is_done_with_a_question_that_was_closed_meanwhile(db, act):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    ask_member(question.id, member_number(me, kaisa), by, at=NOON)
    late = held_back(lambda: close_question(question.id, by, at=NOON), lambda: act(question, me, kaisa))
    assert late == "unknown_question"
    [asking] = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert (asking.outcome, shared(me, kaisa)) == ("withdrawn", frozenset())


def test_closing_ends_nothing_that_was_shared(db):
    kaisa, me = kahvila_kaisa(), aino()
    by = operator(kaisa)
    question = asks(by)
    yes(question, me)
    close_question(question.id, by, at=NOON)
    assert shared(me, kaisa) == {"phone"}
