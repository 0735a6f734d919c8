"""What a till learns while nobody does anything at it: that it is locked, disconnected, opened anew, or was refused."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from kliento.domain.recipients.actions import revoke_terminal, want_pins
from kliento.domain.recipients.models import ShiftAtTill, Terminal
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests.interfaces.counter.counters import Tablet, about, opened_by_pin, owner_with_pin
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa

PIN = "73952"


@pytest.fixture
def kaisa(db: object) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def owner(kaisa: Place, settings: Any) -> OperatorActor:
    return owner_with_pin(kaisa, PIN, settings)


def _asks(page: Page) -> None:
    """As it does every few minutes, and when the network is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def test_that_it_is_locked_is_shown_at_once(tablet: Tablet, kaisa: Place, owner: OperatorActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.get_by_label("Card code").fill("K1AB")  # somebody is typing; it would be taken from nobody
    _asks(page)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    assert tablet.errors == []


def test_that_it_is_disconnected_is_shown_at_once(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    revoke_terminal(Terminal.objects.get(name="Till 1").id, by=REGISTER_HOLDER, at=now())
    _asks(page)
    expect(page.get_by_text("This till was disconnected.")).to_be_visible()
    assert tablet.errors == []


def test_the_end_of_a_shift_that_is_told_twice_does_not_end_the_next_one(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    tablet.context.route("**/counter/state", lambda route: route.abort())  # so it is not told before somebody opens it
    tablet.context.route("**/counter/shift/end", lose_the_answer)
    page.get_by_role("button", name="Kaisa Kahvinen: end shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    first = ShiftAtTill.objects.get()
    assert first.ended_at is not None
    assert about(page)["untoldEnd"] == str(first.id)
    tablet.context.unroute("**/counter/shift/end")
    page.goto(f"{tablet.url}/counter/unlock")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Open the till").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    tablet.context.unroute("**/counter/state")
    _asks(page)
    expect(page.get_by_role("button", name="Kaisa Kahvinen: end shift")).to_be_visible()
    second = ShiftAtTill.objects.get(ended_at=None)
    assert second.id != first.id
    assert (about(page)["locked"], about(page)["shift"]) == (False, str(second.id))
    assert tablet.errors == []


def test_what_is_chosen_at_a_till_that_is_locked_by_then_is_not_lost(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    tablet.launch_flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    assert about(page)["untold"] == {"camera": "on"}
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Open the till").click()
    expect(page.get_by_role("button", name="Stop the camera")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert "untold" not in about(page) or about(page)["untold"] is None
    page.goto(f"{tablet.url}/counter/settings")
    expect(page.get_by_role("group", name="Camera").get_by_role("radio", name="On")).to_be_checked()


CHOOSE = """async (untold) => {
    const database = await new Promise((resolve) => {
        const opening = indexedDB.open("kliento-till");
        opening.onsuccess = () => resolve(opening.result);
    });
    const store = database.transaction("about", "readwrite").objectStore("about");
    const about = await new Promise((resolve) => {
        const reading = store.get("this");
        reading.onsuccess = () => resolve(reading.result);
    });
    store.put({ ...about, untold, preferences: { ...about.preferences, ...untold } }, "this");
    await new Promise((resolve) => { store.transaction.oncomplete = () => { database.close(); resolve(); }; });
}"""


def test_a_choice_that_the_service_refuses_is_told_once_and_does_not_stand(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    page.evaluate(CHOOSE, {"stays": "99"})  # one that there was in an earlier version
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url) if request.method == "POST" else None)
    with page.expect_response("**/counter/settings") as refused:
        page.reload()
    assert refused.value.status == 400
    page.wait_for_load_state("networkidle")
    for _ in range(2):
        with page.expect_response("**/counter/state"):
            _asks(page)
        page.wait_for_load_state("networkidle")
    assert [url for url in told if url.endswith("/counter/settings")] == [refused.value.url]
    assert about(page)["preferences"]["stays"] == "4"
    assert tablet.errors == []


def test_of_several_choices_only_the_one_that_the_service_refuses_is_dropped(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.route("**/counter/state", lambda route: route.abort())  # so nothing is told yet
    page.evaluate(CHOOSE, {"sounds": "off", "stays": "99", "gone": "on", "type": "large"})
    page.reload()
    told: list[str] = []
    page.on("request", lambda request: told.append(str(request.post_data)) if request.method == "POST" else None)

    def breaks_off(route: Route) -> None:
        route.abort() if "type=large" in str(route.request.post_data) and len(told) > 1 else route.continue_()

    tablet.context.route("**/counter/settings", breaks_off)
    tablet.context.unroute("**/counter/state")
    with page.expect_event("requestfailed"):
        _asks(page)
    page.wait_for_load_state("networkidle")
    assert about(page)["untold"] == {"type": "large"}  # it was not answered
    tablet.context.unroute("**/counter/settings")
    with page.expect_response("**/counter/settings"):
        _asks(page)
    page.wait_for_load_state("networkidle")
    assert about(page).get("untold") is None
    said = about(page)["preferences"]
    assert (said["sounds"], said["type"], said["stays"]) == ("off", "large", "4")
    assert tablet.errors == []
