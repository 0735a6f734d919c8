"""The card page without JavaScript, the codes for the phone, and the number behind its button."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.timezone import localdate

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.interfaces.person.views.card import picture_of
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.programmes import coffee_card, offered, owner_of, takes
from tests.taps import code_of, record, scan, tap
from tests.world import aino, kahvila_kaisa, kuntosali_kunto, stores

POLLED = {"HX-Request": "true"}


@pytest.fixture
def me(db):
    person = aino(at=now() - timedelta(days=4))
    issue_card(person.person_id, at=now() - timedelta(days=4))
    return person


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=4))


def latest(phone, *, entered="0") -> str:
    """What an open page is answered."""
    return text_of(phone.get("/me/latest", {"entered": entered}, headers=POLLED))


def entered_in(page: str) -> str:
    """Until when the page knows everything; it sends that along when it asks again."""
    return page.split("entered=")[1].split('"')[0]


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
    assert date_format(localdate(now() - timedelta(days=4)), "DATE_FORMAT") in page


def test_an_open_card_page_is_answered_only_when_something_is_new(me):
    phone = phone_of(me)
    first = latest(phone, entered="0")

    assert "<html" not in first
    assert phone.get("/me/latest", {"entered": entered_in(first)}, headers=POLLED).status_code == 204


def test_the_stamps_on_an_open_card_page_come_with_the_visit(me, kaisa):
    phone = phone_of(me)
    takes(me, offered(kaisa, needed=10), at=now())
    before = text_of(phone.get("/me/"))
    tap(me, kaisa, at=now())
    after = latest(phone, entered=entered_in(before))

    assert "0 of 10 stamps" in before
    assert "1 of 10 stamps" in after
    assert 'id="announced" hx-swap-oob="innerHTML">Kahvila Kaisa, Kallio. ' in after


def test_what_a_till_tells_late_renews_the_stamps_and_is_not_read_aloud_as_the_newest(me, kaisa):
    phone, two_days_ago = phone_of(me), now() - timedelta(days=2)
    takes(me, offered(kaisa, needed=10), at=now() - timedelta(days=3))
    for _ in range(3):
        stores(me, at=now(), city="Helsinki")
    before = text_of(phone.get("/me/"))
    record([scan(code_of(me, at=two_days_ago), occurred_at=two_days_ago)], kaisa, at=now())
    after = latest(phone, entered=entered_in(before))

    assert "1 of 10 stamps" in after
    assert 'id="announced"' not in after


def test_an_open_card_page_costs_the_same_however_many_loyalty_cards_are_on_it(me, kaisa):
    phone = phone_of(me)
    takes(me, offered(kaisa, needed=10), at=now())
    with CaptureQueriesContext(connection) as one:
        latest(phone, entered="0")
    takes(me, coffee_card(owner_of(kuntosali_kunto(), "kunto@example.fi"), needed=10), at=now())
    with CaptureQueriesContext(connection) as two:
        assert latest(phone, entered="0").count("0 of 10 stamps") == 2

    assert len(one) == len(two)


def test_the_row_in_focus_is_the_same_row_afterwards(me, kaisa):
    phone = phone_of(me)
    card = offered(kaisa, needed=10)
    takes(me, card, at=now())

    links = [re.findall(r'<a [^>]*id="([^"]+)"', page) for page in (text_of(phone.get("/me/")), latest(phone))]
    assert links[0] == links[1]
    assert {f"card-{card.id}", "to-wallet", "to-activity"} < set(links[0])
