"""The till's own storage while there is no network: what it keeps of which cards, and when the browser closes it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.visits.models import Scan
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, scan
from tests.world import Place

SAVED = "Offline: saved, checked later"
# As a browser does to a page in the background: the connection is closed, and the page is told nothing.
CLOSED = """async () => {
    const asked = performance.getEntriesByType("resource").map(({ name }) => name);
    const name = asked.find((each) => /till\\/store[^/]*[.]js$/.test(each));
    const { inStore, WAITING } = await import(name);
    await inStore([WAITING], "readonly", (store) => store.transaction.db.close());
}"""
# A device on which nothing can be opened.
BROKEN = """() => {
    IDBDatabase.prototype.transaction = () => { throw new DOMException("broken", "UnknownError"); };
}"""


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    return taps.aino(at=now() - timedelta(days=1))


def _next(page: Page) -> None:
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()


def test_every_number_that_the_service_may_know_is_kept_and_nothing_else(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    for code in ("04A23B5C6D7E80", "04:A2:3B:5C:6D:7E:81", "0x04-a2-3b-5c"):
        scan(page, code)
        expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
        _next(page)
    for code in ("abc", "924620012345678901", "HSL0123456789", "K2.0000", "https://example.com/card"):
        scan(page, code)
        expect(page.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
        _next(page)
    expect(page.get_by_text("3 waiting")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 3. Counted: 0.")).to_be_visible()
    assert set(Scan.objects.values_list("outcome", flat=True)) == {"unknown"}


def test_a_connection_that_the_browser_closed_is_opened_again(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, taps.code_of(aino, at=now()))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.evaluate(CLOSED)
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("2 waiting")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 2. Counted: 2.")).to_be_visible()
    assert tablet.errors == []


def test_a_device_that_does_not_say_what_it_keeps_is_never_said_to_keep_nothing(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    _next(page)
    page.evaluate(BROKEN)
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
    expect(page.get_by_role("paragraph").get_by_text("This browser keeps nothing just now")).to_be_visible()
    expect(page.get_by_text("? waiting")).to_be_visible()
