"""Threat 26: without a network a locked till is seen to be locked, and a shift that was ended there stays ended."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import expect

from kliento.domain.recipients.actions import set_pin, want_pins
from kliento.domain.recipients.models import Operator, ShiftAtTill
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests.interfaces.counter.counters import Tablet, opened_by_pin, scan, stored
from tests.portal import operator
from tests.world import Place, kahvila_kaisa

PIN = "73952"


@pytest.fixture
def kaisa(db: object) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def owner(kaisa: Place) -> OperatorActor:
    owner = operator(kaisa)
    set_pin(PIN, by=owner, at=now())
    hashed = Argon2PasswordHasher().encode(PIN, "of what is served")  # tests hash faster
    Operator.objects.filter(id=owner.operator_id).update(pin=hashed)
    return owner


def test_threat_26_a_locked_till_takes_nothing_and_says_so_before_anybody_tries(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.reload()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    expect(page.locator("[data-scanner], [data-own], [data-camera-start]")).to_have_count(0)
    scan(page, "04A2B4C2D5E680")
    assert stored(page, "waiting") == []


def test_threat_26_a_shift_ended_without_a_network_is_over_when_it_is_back(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)
    tablet.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="End shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.goto(f"{tablet.url}/counter/")
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()


def test_threat_26_a_shift_whose_end_the_service_could_not_take_in_is_told_again_and_over_meanwhile(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)
    tablet.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="End shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    tablet.context.route("**/counter/shift/end", lambda route: route.fulfill(status=502, body="restarting"))
    with page.expect_response("**/counter/shift/end"):
        tablet.context.set_offline(False)
    page.wait_for_load_state("networkidle")
    with page.expect_response("**/counter/state"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_load_state("networkidle")
    assert [one["locked"] for one in stored(page, "about") if isinstance(one, dict)] == [True]
    tablet.context.set_offline(True)
    tablet.context.unroute("**/counter/shift/end")
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()


def test_threat_26_while_the_service_does_not_know_of_the_end_of_a_shift_the_till_stays_shut(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = opened_by_pin(tablet, kaisa, owner, PIN)
    tablet.context.set_offline(True)
    page.get_by_role("button", name="end shift").click()
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    tablet.context.route("**/counter/shift/end", lambda route: route.fulfill(status=502, body="restarting"))
    with page.expect_response("**/counter/shift/end"):
        tablet.context.set_offline(False)
    page.goto(f"{tablet.url}/counter/")  # which the service would open
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-scanner]")).to_have_count(0)
    tablet.context.unroute("**/counter/shift/end")
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    assert ShiftAtTill.objects.get().ended_at is not None


def test_threat_26_a_till_that_learns_meanwhile_that_it_is_locked_shows_it_and_takes_nothing_from_then_on(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    page.goto(f"{tablet.url}/counter/")
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    scan(page, "04A2B4C2D5E680")
    assert stored(page, "waiting") == []


def test_threat_26_without_a_network_a_till_takes_nothing_until_it_has_heard_that_it_is_open(
    tablet: Tablet, kaisa: Place, owner: OperatorActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    want_pins(wanted=True, by=owner, at=now())
    page.reload()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.route("**/counter/state", lambda route: route.abort())
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_role("button", name="Open the till").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    scan(page, "04A2B4C2D5E680")
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    assert stored(page, "waiting") == []
