"""R-VIS-8 in asking: who paused or stopped sharing is asked nothing, and the third party is not told which it was."""

from datetime import timedelta

import pytest

from kliento.domain.questions.actions import ask_member, make_question
from kliento.domain.questions.queries import open_askings
from kliento.domain.sharing.actions import grant_field, pause_sharing, resume_sharing, stop_company
from kliento.kernel.errors import Conflict
from tests.world import NOON, aino, kahvila_kaisa, operator, relation_of, shares, stores

DAY = timedelta(days=1)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa()


@pytest.fixture
def me(kaisa):
    person = stores(aino(), first_name="Aino", phone="+358401234567")
    shares(person, kaisa, "first_name")
    return person


@pytest.fixture
def ask(me, kaisa):
    """Kahvila Kaisa asks for the phone; what it is told when it may not."""
    wanted = {"purpose": "serving", "reason": "To call you.", "needed": ["phone"]}
    question = make_question(operator(kaisa), **wanted, at=NOON)

    def asks(*, at) -> tuple[str, str] | None:
        try:
            ask_member(question.id, relation_of(me, kaisa).member_number, kaisa.terminal, at=at)
        except Conflict as refused:
            return refused.code, str(refused.message)
        return None

    return asks


def test_paused_and_stopped_are_one_answer_and_nobody_is_asked(me, kaisa, ask):
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    paused = ask(at=NOON)
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON + DAY)
    stopped = ask(at=NOON + DAY)
    assert paused == stopped == ("cannot_be_asked", "This person cannot be asked now.")
    assert open_askings(me.person_id, at=NOON + DAY) == []


def test_who_resumes_can_be_asked(me, kaisa, ask):
    pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    resume_sharing(me.person_id, kaisa.third_party_id, by=me, at=NOON + DAY)
    assert ask(at=NOON + DAY) is None


def test_who_shares_again_after_stopping_can_be_asked(me, kaisa, ask):
    stop_company(me.person_id, kaisa.third_party_id, by=me, at=NOON)
    grant_field(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON + DAY)
    assert ask(at=NOON + DAY) is None
