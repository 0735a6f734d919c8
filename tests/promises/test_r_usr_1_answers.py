"""R-USR-1 in answers: a no ends whatever a yes to the same question shared, however long ago and however explicit."""

from datetime import timedelta

import pytest

from kliento.domain.consents.queries import standing
from kliento.domain.questions.actions import (
    agree_to_special,
    answer_question,
    ask_member,
    make_question,
    refuse_question,
)
from kliento.domain.questions.queries import askings_of
from kliento.domain.sharing.actions import grant_field
from tests.world import NOON, aino, kahvila_kaisa, operator, relation_of, shares, stores

DAY = timedelta(days=1)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    return stores(aino(), first_name="Aino", phone="+358401234567")


@pytest.fixture
def question(kaisa):
    return make_question(
        operator(kaisa),
        purpose="serving",
        reason="For your order.",
        needed=["phone"],
        optional=["first_name", "allergies"],
        grant_days=90,
        at=NOON,
    )


def yes(question, me, *ticked: str, at=NOON) -> None:
    answer_question(question.id, ticked, seen=question.seen, by=me, at=at)


def no(question, me, *, at=NOON + 9 * DAY) -> None:
    refuse_question(question.id, me, at=at)


def shared(me, kaisa, *, at=NOON + 9 * DAY) -> frozenset[str]:
    return relation_of(me, kaisa).granted("serving", at=at)


def test_a_no_to_the_second_asking_ends_what_a_yes_to_the_first_shared(me, kaisa, question):
    shares(me, kaisa, "nickname")
    number = relation_of(me, kaisa).member_number
    ask_member(question.id, number, kaisa.terminal, at=NOON)
    yes(question, me, "first_name")
    ask_member(question.id, number, kaisa.terminal, at=NOON + DAY)
    no(question, me)
    assert shared(me, kaisa) == {"nickname"}
    told = askings_of(kaisa.third_party_id, relation_of(me, kaisa).relationship_id)
    assert [(asking.outcome, asking.shared) for asking in told] == [("refused", ())] * 2


def test_a_no_ends_what_a_second_yes_did_not_name_again(me, kaisa, question):
    yes(question, me, "first_name")
    yes(question, me, at=NOON + DAY)
    no(question, me)
    assert shared(me, kaisa) == frozenset()


def test_a_no_ends_a_special_category_and_the_consent_behind_it(me, kaisa, question):
    yes(question, me, "allergies")
    agree_to_special(question.id, "allergies", by=me, at=NOON)
    assert shared(me, kaisa) == {"phone", "allergies"}
    no(question, me)
    assert shared(me, kaisa) == frozenset()
    assert standing(me.person_id) == frozenset()


def test_a_special_category_is_shared_as_long_as_the_page_said(me, kaisa, question):
    yes(question, me, "allergies")
    agree_to_special(question.id, "allergies", by=me, at=NOON)
    assert {grant.expires_at for grant in relation_of(me, kaisa).grants} == {NOON + 90 * DAY}


def test_a_no_after_a_no_changes_nothing(me, kaisa, question):
    yes(question, me)
    no(question, me)
    grant_field(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON + 10 * DAY)
    no(question, me, at=NOON + 11 * DAY)
    assert shared(me, kaisa, at=NOON + 11 * DAY) == {"phone"}
