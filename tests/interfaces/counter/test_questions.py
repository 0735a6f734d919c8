"""Asking for a field at the counter, without JavaScript."""

import re

import pytest
from django.test import Client

from kliento.domain.questions.actions import close_question, make_question
from kliento.domain.questions.queries import open_askings
from kliento.domain.questions.rules import QuestionView
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import operator
from tests.world import Place, kuntosali_kunto


@pytest.fixture
def owner(kaisa: Place) -> OperatorActor:
    return operator(kaisa)


@pytest.fixture
def question(owner: OperatorActor) -> QuestionView:
    """Kahvila Kaisa asks for a phone number."""
    return asks(owner)


def asks(by: OperatorActor, reason: str = "So that we can call when your order is ready.") -> QuestionView:
    wanted = {"purpose": "serving", "needed": ["phone"], "optional": ["first_name"], "grant_days": 90}
    return make_question(by, **wanted, reason=reason, at=now())


def scans(till: Client, who: PersonActor) -> str:
    return text_of(till.post("/counter/", {"code": taps.code_of(who, at=now())}))


def number_in(page: str) -> str:
    return re.search(r'name="member_number" value="(\d+)"', page)[1]


def test_the_answer_to_a_scan_lists_the_open_questions_and_asks(till: Client, question: QuestionView) -> None:
    aino = taps.aino(at=now())
    page = scans(till, aino)
    assert "Phone number, First name" in page
    assert question.reason in page

    sent = {"question_id": str(question.id), "member_number": number_in(page)}
    answer = text_of(till.post("/counter/ask", sent))
    assert "Asked" in answer
    assert "It is on the customer’s phone." in answer
    assert [asking.question.id for asking in open_askings(aino.person_id, at=now())] == [question.id]


def test_without_questions_there_is_nothing_to_press(till: Client, owner: OperatorActor) -> None:
    page = scans(till, taps.aino(at=now()))
    assert "till-asks" not in page
    assert 'data-stays="4"' in page
    assert "No question is open." in text_of(till.get("/counter/questions"))


def test_an_answer_with_a_question_stays_long_enough_to_reach_it(till: Client, question: QuestionView) -> None:
    aino = taps.aino(at=now())
    assert 'data-stays="15"' in scans(till, aino)
    till.post("/counter/settings", {"stays": "20"})
    assert 'data-stays="20"' in scans(till, aino)


def test_a_closed_question_is_asked_no_more(till: Client, question: QuestionView, owner: OperatorActor) -> None:
    page = scans(till, taps.aino(at=now()))
    close_question(question.id, owner, at=now())
    sent = {"question_id": str(question.id), "member_number": number_in(page)}
    assert "Not asked any more" in text_of(till.post("/counter/ask", sent))
    assert till.get(f"/counter/questions/{question.id}").status_code == 404


def test_a_question_of_another_third_party_is_none_here(till: Client, question: QuestionView) -> None:
    gym = kuntosali_kunto(at=now())
    elsewhere = paired(gym)
    assert elsewhere.get(f"/counter/questions/{question.id}").status_code == 404
    page = scans(elsewhere, taps.aino(at=now()))
    assert question.reason not in page


def test_without_a_customer_the_question_is_a_code_for_any_phone(till: Client, question: QuestionView) -> None:
    only = till.get("/counter/questions")
    assert only["Location"] == f"/counter/questions/{question.id}"
    page = text_of(till.get(only["Location"]))
    assert "Kahvila Kaisa asks" in page
    assert f"/me/questions/{question.id}" in page


def test_of_several_questions_one_is_chosen(till: Client, question: QuestionView, owner: OperatorActor) -> None:
    other = asks(owner, reason="So that we can send the parcel on.")
    page = text_of(till.get("/counter/questions"))
    assert all(f"/counter/questions/{each.id}" in page for each in (question, other))
