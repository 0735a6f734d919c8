"""The card page without JavaScript, the codes for the phone, and the number behind its button."""

import pytest

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.interfaces.person.views.card import picture_of
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.world import aino


@pytest.fixture
def me(db):
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    return person


def codes_around_now(me):
    """This slot's code and the next one's: a test may run where the two meet."""
    return codes_for(me, from_slot=slot_at(now()) - 1, count=2)


def test_the_page_shows_the_code_of_this_moment_and_renews_itself_without_scripts(me):
    page = text_of(phone_of(me).get("/me/"))

    assert any(picture_of(code) in page for code in codes_around_now(me))
    assert '<noscript><meta http-equiv="refresh"' in page


def test_neither_code_nor_number_stands_in_the_page_as_text(me):
    page = text_of(phone_of(me).get("/me/"))

    assert "K2." not in page
    assert card_number(me) not in page
    assert card_number(me) not in text_of(phone_of(me).get("/me/card-number"))


def test_the_phone_gets_two_hours_of_codes_that_nobody_keeps(me):
    before = slot_at(now())
    answer = phone_of(me).get("/me/codes")

    body = answer.json()
    assert before <= body["first_slot"] <= slot_at(now())
    assert body["codes"] == codes_for(me, from_slot=body["first_slot"], count=240)
    assert body["slot_seconds"] == 30
    assert "no-store" in answer["Cache-Control"]


def test_the_number_is_shown_when_it_is_asked_for(me):
    phone = phone_of(me)

    assert phone.get("/me/card-number/showing").status_code == 405
    page = text_of(phone.post("/me/card-number/showing"))
    number = card_number(me)
    assert all(f"<span>{number[place : place + 4]}</span>" in page for place in range(0, 16, 4))
    assert picture_of(number) in page


def test_what_has_just_happened_stands_under_the_card(me):
    page = text_of(phone_of(me).get("/me/"))

    assert "Got your Kliento Card" in page
    assert "Today" in page


def test_an_open_card_page_is_answered_only_when_something_is_new(me):
    phone = phone_of(me)
    first = phone.get("/me/latest", {"newest": "0"}, headers={"HX-Request": "true"})
    newest = text_of(first).split("newest=")[1].split('"')[0]

    assert "<html" not in text_of(first)
    assert phone.get("/me/latest", {"newest": newest}, headers={"HX-Request": "true"}).status_code == 204
