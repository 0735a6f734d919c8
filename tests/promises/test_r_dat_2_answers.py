"""R-DAT-2 in answers: whatever is ticked, a special category is shared by its own explicit consent alone."""

import pytest

from kliento.domain.consents.queries import standing
from kliento.domain.questions.actions import agree_to_special, answer_question, make_question
from kliento.kernel.errors import Invalid
from tests.world import NOON, aino, kahvila_kaisa, operator, relation_of


def question(kaisa, *, needed=("first_name",), optional=("allergies",)):
    return make_question(
        operator(kaisa), purpose="serving", reason="For your order.", needed=needed, optional=optional, at=NOON
    )


def test_no_third_party_can_make_it_a_condition(db):
    with pytest.raises(Invalid) as refused:
        question(kahvila_kaisa(), needed=("first_name", "allergies"), optional=())
    assert refused.value.code == "special_only_optional"


def test_an_answer_that_ticks_it_shares_the_rest_and_gives_no_consent(db):
    me, kaisa = aino(), kahvila_kaisa()
    asked = question(kaisa)
    answer = answer_question(asked.id, ["allergies"], seen=asked.seen, by=me, at=NOON)
    assert (answer.shared, answer.explicit) == (("first_name",), ("allergies",))
    assert relation_of(me, kaisa).granted("serving", at=NOON) == {"first_name"}
    assert standing(me.person_id) == frozenset()


def test_the_consent_that_follows_shares_it(db):
    me, kaisa = aino(), kahvila_kaisa()
    asked = question(kaisa)
    [code] = answer_question(asked.id, ["allergies"], seen=asked.seen, by=me, at=NOON).explicit
    agree_to_special(asked.id, code, by=me, at=NOON)
    assert relation_of(me, kaisa).granted("serving", at=NOON) == {"first_name", "allergies"}
