"""What the till does by itself when its page is opened without a network: locked, keypad, settings, end of a shift."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import want_pins
from kliento.domain.recipients.models import ShiftAtTill
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import OperatorActor, PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, about, opened_by_pin, owner_with_pin, scan, stored
from tests.world import Place, kahvila_kaisa

PIN = "73952"
SAVED = "Offline: saved, checked later"
ALONE = "A PIN cannot be checked without a network."


REST = """async (milliseconds) => {
    const database = await new Promise((resolve) => {
        const opening = indexedDB.open("kliento-till");
        opening.onsuccess = () => resolve(opening.result);
    });
    const writing = database.transaction("about", "readwrite");
    writing.objectStore("about").put(Date.now() + milliseconds, "rest");
    await new Promise((resolve) => { writing.oncomplete = () => { database.close(); resolve(); }; });
}"""


@pytest.fixture
def kaisa(db: object) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    person = taps.cardholder(at=now() - timedelta(days=1))
    taps.share(person, kaisa, "first_name", at=now())
    return person


@pytest.fixture
def owner(kaisa: Place, settings: Any) -> OperatorActor:
    return owner_with_pin(kaisa, PIN, settings)


def test_a_locked_till_says_so_at_once_and_shows_no_field(tablet: Tablet, kaisa: Place, owner: OperatorActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, "04A2B4C2D5E680")
    expect(page.get_by_text("1 waiting")).to_be_visible()
    want_pins(wanted=True, by=owner, at=now())
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    for path in ("/counter/", "/counter/unlock", "/counter/keypad", "/counter/settings"):
        page.goto(f"{tablet.url}{path}")
        expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
        expect(page.locator("#till").get_by_text(ALONE)).to_be_visible()
        expect(page.locator("[data-scanner]")).to_have_count(0)
        expect(page.get_by_role("link", name="Try again")).to_be_focused()
    scan(page, "04A2B4C2D5E680")  # Enter presses the button in focus, and that is all
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    assert stored(page, "waiting") == []
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    assert tablet.errors == []


def test_an_open_till_says_nothing_of_the_sort_before_it_knows(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(page.get_by_label("Card code")).to_be_focused()
    assert tablet.errors == []


def test_the_unlock_page_says_how_many_scans_wait(tablet: Tablet, kaisa: Place, owner: OperatorActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    tablet.context.set_offline(True)
    scan(page, "04A2B4C2D5E680")
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.evaluate(REST, 600_000)  # the service was busy
    tablet.context.set_offline(False)
    page.goto(f"{tablet.url}/counter/")
    expect(page.get_by_text("Saved scans that wait on this device: 1.")).to_be_visible()
    page.evaluate(REST, 0)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Saved scans that wait on this device")).to_be_hidden()


@pytest.mark.parametrize("reloaded", [True, False], ids=["reloaded", "as it stood"])
def test_a_number_is_typed_on_the_keypad_without_a_network(
    reloaded: bool, tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    if reloaded:
        page.reload()
    page.get_by_role("link", name="Type a number").click()
    for symbol in card_number(aino)[2:]:
        page.get_by_role("button", name=symbol, exact=True).click()
    field = page.get_by_label("Card code")
    expect(field).to_have_value(" ".join(card_number(aino)[at : at + 4] for at in range(0, 16, 4)))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("1 waiting")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 1. Counted: 1.")).to_be_visible()
    assert tablet.errors == []


def test_with_a_network_the_keypad_is_as_quick_and_by_the_keyboard_alone(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    page.get_by_role("link", name="Type a number").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Type a card number")).to_be_visible()
    expect(page.get_by_label("Card code")).to_be_focused()
    expect(page.get_by_text("Online", exact=True)).to_be_visible()
    page.keyboard.press("Backspace")
    page.keyboard.type(f"1{card_number(aino)[2:]}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    page.get_by_role("link", name="Next").click()

    page.get_by_role("link", name="Type a number").click()
    scan(page, taps.code_of(aino, at=now()))  # a scanner is understood here, too
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Type a number").click()
    page.get_by_role("link", name="Back to the till").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(page.get_by_label("Card code")).to_have_value("")
    expect(page.get_by_label("Card code")).to_be_focused()
    assert tablet.errors == []


@pytest.mark.parametrize("path", ["/counter/keypad", "/counter/settings"])
def test_the_pages_of_keypad_and_settings_open_here_without_a_network(path: str, tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    page.goto(f"{tablet.url}{path}")
    name = "Type a card number" if path.endswith("keypad") else "Settings of this till"
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()


def test_settings_are_changed_without_a_network_kept_and_told_later(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    height = "document.querySelector('.key').getBoundingClientRect().height"
    page.get_by_role("link", name="Type a number").click()
    before = page.evaluate(height)
    tablet.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="Settings").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Settings of this till")).to_be_visible()
    expect(page.get_by_role("radio", name="4 seconds")).to_be_checked()
    page.get_by_role("radio", name="Normal").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("radio", name="8 seconds").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(page.locator(".counter-large")).to_be_visible()
    page.reload()
    expect(page.locator(".counter-large")).to_be_visible()
    page.get_by_role("link", name="Type a number").click()
    assert page.evaluate(height) > before
    page.get_by_role("link", name="Back to the till").click()

    tablet.context.set_offline(False)
    expect(page.locator("#till:not([data-local])")).to_be_visible()
    page.goto(f"{tablet.url}/counter/keypad")
    assert page.evaluate(height) > before
    page.goto(f"{tablet.url}/counter/settings")
    expect(page.get_by_role("radio", name="Large")).to_be_checked()
    expect(page.get_by_role("radio", name="8 seconds")).to_be_checked()
    assert tablet.errors == []


def test_a_shift_is_ended_without_a_network_and_the_next_scan_is_nobodys(
    tablet: Tablet, kaisa: Place, owner: OperatorActor, aino: PersonActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Without a network nobody can open this till after that.")).to_be_visible()
    page.get_by_role("button", name="End shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    assert (about(page)["locked"], about(page)["shift"]) == (True, None)
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    expect(page.get_by_text("Saved scans that wait on this device")).to_be_hidden()
    assert ShiftAtTill.objects.get().ended_at is not None
    assert Visit.objects.get().operator_id == owner.operator_id
    assert tablet.errors == []


def test_the_button_that_ends_a_shift_works_when_the_network_has_just_gone(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)
    tablet.context.set_offline(True)
    page.get_by_role("button", name="Kaisa Kahvinen: end shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Open the till").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    assert tablet.errors == []
