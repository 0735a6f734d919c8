"""Threat 26: a stolen till that asks for a PIN stays shut: few guesses, however fast; none without a network."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import expect

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import PinRefused, begin_shift, set_pin, want_pins
from kliento.domain.recipients.models import Operator
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests import taps
from tests.databases import Databases
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import operator
from tests.world import Place, kahvila_kaisa

PIN, GUESSES = "73952", 24


@pytest.fixture
def kaisa(db: Databases) -> Place:
    cache.clear()
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def owner(kaisa: Place) -> OperatorActor:
    """Kaisa herself, whose tills ask for a PIN."""
    owner = operator(kaisa)
    set_pin(PIN, by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    return owner


def test_threat_26_five_wrong_pins_shut_an_operator_out_at_every_till(kaisa: Place, owner: OperatorActor) -> None:
    stolen, other = paired(kaisa), paired(kaisa, "Kassa 3")
    for number in range(5):
        sent = {"operator_id": str(owner.operator_id), "pin": f"800{number}"}
        assert "This is not your PIN" in text_of(stolen.post("/counter/unlock", sent))
    for till in (stolen, other):
        answer = till.post("/counter/unlock", {"operator_id": str(owner.operator_id), "pin": PIN})
        assert answer.status_code == 400
        assert "Too many wrong PINs." in text_of(answer)
        assert till.get("/counter/")["Location"] == "/counter/unlock"


def test_threat_26_of_many_guesses_at_once_no_more_are_compared(kaisa: Place, owner: OperatorActor) -> None:
    def guess(number: int) -> str:
        try:
            begin_shift(owner.operator_id, f"{8000 + number}", by=kaisa.terminal, at=now())
        except PinRefused as refusal:
            return str(refusal.message)
        finally:
            connections.close_all()
        return "open"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(GUESSES)))
    assert answers.count("This is not your PIN.") == 5
    assert answers.count("Too many wrong PINs.") == GUESSES - 5
    assert Operator.objects.get(id=owner.operator_id).pin_failures == 5


def test_threat_26_what_waited_when_the_till_was_locked_is_handed_in_in_nobodys_name(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    aino = taps.aino(at=now() - timedelta(days=1))
    want_pins(wanted=False, by=owner, at=now())
    tablet.pair(tablet.open(), kaisa)
    tablet.close()  # browsers write cookies down within half a minute
    page = tablet.open()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    tablet.close()
    want_pins(wanted=True, by=owner, at=now())
    page = tablet.open()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert stored(page, "waiting") == []
    assert Visit.objects.get().operator_id is None


def test_threat_26_a_locked_till_stays_locked_without_a_network(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    aino = taps.aino(at=now() - timedelta(days=1))
    want_pins(wanted=False, by=owner, at=now())
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.reload()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    for _ in range(2):  # opening it anew does not help
        page.goto(f"{tablet.url}/counter/")
        scan(page, card_number(aino))
        expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    assert stored(page, "waiting") == []
    assert not Scan.objects.exists()
