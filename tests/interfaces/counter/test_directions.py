"""Which way people pass the till, where stays are counted: it waits with the scan, and nothing later changes it."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import count_stays
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.interfaces.counter.test_handing_in import hand_in, waiting
from tests.world import REGISTER_HOLDER, Place


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    count_stays(kaisa.premises_id, stays=True, by=REGISTER_HOLDER, at=now() - timedelta(days=1))
    return taps.aino(at=now() - timedelta(days=1))


def _shown(aino, direction, *, minutes):
    at = now() - timedelta(minutes=minutes)
    return waiting(card_number(aino), at=at) | {"direction": direction}


def test_a_queue_says_for_each_scan_which_way_it_was(till, aino):
    entries = [
        _shown(aino, way, minutes=minutes) for way, minutes in (("out", 90), ("in", 80), ("in", 79), ("out", 20))
    ]
    assert [outcome for _, outcome in hand_in(till, *entries)] == ["not_inside", "identified", "identified", "left"]
    [visit] = Visit.objects.all()
    assert round((visit.left_at - visit.occurred_at) / timedelta(minutes=1)) == 60


def test_the_page_and_the_queue_send_the_same_scan_whatever_the_till_is_set_to_by_then(till, aino):
    entry = _shown(aino, "in", minutes=0)
    form = {"code": card_number(aino), "scan_id": entry["id"], "occurred_at": entry["occurred_at"], "direction": "in"}
    till.post("/counter/settings", {"way": "exit"})
    assert till.post("/counter/", form).status_code == 200
    assert hand_in(till, entry) == [(entry["id"], "identified")]
    assert Scan.objects.get().outcome == "identified"


@pytest.mark.parametrize("direction", ["up", None, 1, ["in"]])
def test_another_direction_is_refused(direction, till, aino):
    entry = _shown(aino, direction, minutes=1)
    assert till.post("/counter/scans", {"scans": json.dumps([entry])}).status_code == 400


def test_without_a_network_the_way_is_chosen_kept_with_each_scan_and_told_later(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    eino = taps.cardholder("eino@example.fi", "Eino", at=now() - timedelta(days=1))
    page = tablet.pair(tablet.open(), kaisa)
    page.get_by_role("button", name="Entry").click()
    expect(page.get_by_role("button", name="Entry", pressed=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.get_by_role("link", name="Next").click()

    expect(page.get_by_role("button", name="Entry", pressed=True)).to_be_visible()
    page.get_by_role("button", name="Exit").click()
    expect(page.get_by_role("button", name="Exit", pressed=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Exit", pressed=True)).to_be_visible()
    scan(page, taps.code_of(eino, at=now()))
    expect(page.get_by_text("2 waiting")).to_be_visible()
    page.get_by_text("2 waiting").click()
    lines = page.locator("[data-waiting] li").all_inner_texts()
    assert [line.rpartition(" · ")[2] for line in lines] == ["Exit", "Entry"]
    assert [entry["direction"] for entry in sorted(stored(page, "waiting"), key=lambda each: each["id"])] == [
        "in", "out",
    ]  # fmt: skip

    page.get_by_role("link", name="Next").click()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 2. Counted: 1.")).to_be_visible()
    expect(page.locator("#till:not([data-local])").get_by_role("button", name="Exit", pressed=True)).to_be_visible()
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified", "not_inside"]
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name="Goodbye")).to_be_visible()
    assert tablet.errors == []
