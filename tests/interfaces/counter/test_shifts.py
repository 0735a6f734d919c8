"""Who is on duty: a till that asks for a PIN is shut to everybody else, and one press makes room for the next."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.domain.recipients.actions import end_operator, name_oneself, revoke_terminal, set_pin, want_pins
from kliento.domain.recipients.models import Operator, Terminal
from kliento.domain.visits.models import Scan
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import operator
from tests.world import REGISTER_HOLDER

PIN = "4071"


@pytest.fixture
def owner(kaisa) -> OperatorActor:
    """Kaisa herself, whose tills ask for a PIN from now on."""
    cache.clear()
    owner = operator(kaisa)
    name_oneself("Kaisa Kahvinen", by=owner)
    set_pin(PIN, by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    return owner


def opens(till: Client, who: OperatorActor, pin: str = PIN):
    return till.post("/counter/unlock", {"operator_id": str(who.operator_id), "pin": pin})


def test_a_till_asks_for_nobody_unless_its_company_wants_that(till):
    assert till.get("/counter/").status_code == 200
    assert till.get("/counter/unlock")["Location"] == "/counter/"
    assert "end shift" not in text_of(till.get("/counter/"))


def test_a_locked_till_does_nothing_but_ask_who_it_is(till, owner):
    for address in ("", "settings", "places", "keypad", "questions"):
        assert till.get(f"/counter/{address}")["Location"] == "/counter/unlock"
    for address in ("", "redeem", "undo", "ask", "settings"):
        assert till.post(f"/counter/{address}", {})["Location"] == "/counter/unlock"
    page = till.get("/counter/unlock")
    assert "Kaisa Kahvinen" in text_of(page)
    assert "data-till-locked" in page.content.decode()
    assert not Scan.objects.exists()


def test_the_right_pin_opens_it_and_says_whose_shift_it_is(till, owner):
    keys = till.cookies.output()
    assert opens(till, owner)["Location"] == "/counter/"
    assert till.cookies.output() != keys
    assert "Kaisa Kahvinen: end shift" in text_of(till.get("/counter/"))
    assert "Welcome" in text_of(till.post("/counter/", {"code": taps.code_of(taps.aino(), at=now())}))


def test_one_press_ends_the_shift(till, owner):
    opens(till, owner)
    assert till.post("/counter/shift/end")["Location"] == "/counter/unlock"
    assert till.get("/counter/")["Location"] == "/counter/unlock"


def test_a_wrong_pin_says_so_and_then_until_when_nothing_is_tried(till, owner):
    for _ in range(4):
        answer = opens(till, owner, "1111")
        assert (answer.status_code, "This is not your PIN." in text_of(answer)) == (400, True)
    assert "Try again at" in text_of(opens(till, owner, "1111"))
    assert "Too many wrong PINs. Try again at" in text_of(opens(till, owner))
    Operator.objects.update(pin_locked_until=now() - timedelta(seconds=1))
    assert opens(till, owner).status_code == 302


def test_who_has_left_opens_nothing_and_is_not_named(till, owner, kaisa):
    tiina = operator(kaisa, "till", address="tiina@example.fi")
    name_oneself("Tiina Tilli", by=tiina)
    set_pin("90317", by=tiina, at=now())
    assert opens(till, tiina, "90317").status_code == 302
    end_operator(tiina.operator_id, by=owner, at=now())
    assert till.get("/counter/")["Location"] == "/counter/unlock"
    assert "Tiina" not in text_of(till.get("/counter/unlock"))
    assert opens(till, tiina, "90317").status_code == 400


def test_a_disconnected_till_names_nobody(till, owner):
    revoke_terminal(Terminal.objects.order_by("paired_at").last().id, by=REGISTER_HOLDER, at=now())
    assert till.get("/counter/unlock")["Location"] == "/counter/pair?disconnected"
    assert "Kaisa Kahvinen" not in text_of(till.get("/counter/pair"))


def test_without_any_pin_the_page_says_where_to_choose_one(till, owner):
    Operator.objects.update(pin="")
    assert "Choose a PIN in the portal" in text_of(till.get("/counter/unlock"))


def test_no_other_key_is_taken(till, owner):
    sent = {"operator_id": str(owner.operator_id), "pin": PIN, "role": "owner"}
    assert till.post("/counter/unlock", sent).status_code == 400
    assert till.post("/counter/shift/end", {"until": "1"}).status_code == 400


def test_the_company_stops_asking_and_the_till_is_open(till, owner, kaisa):
    opens(till, owner)
    want_pins(wanted=False, by=owner, at=now())
    assert "end shift" not in text_of(till.get("/counter/"))
    assert paired(kaisa, "Kassa 3").get("/counter/").status_code == 200
