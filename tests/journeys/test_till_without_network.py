"""An hour without a network: the till goes on, is reloaded, crashes, and hands in every scan exactly once."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.album import Album
from tests.databases import Databases
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.world import Place, kahvila_kaisa

CARDS = 65
SAVED = "Offline: saved, checked later"


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def people(kaisa: Place) -> list[PersonActor]:
    since = now() - timedelta(days=1)
    return [taps.cardholder(f"person{number}@example.fi", f"Person{number}", at=since) for number in range(CARDS)]


def _show(page: Page, person: PersonActor, *, at: datetime) -> str:
    """The person's phone at that moment, scanned at a till that saves it."""
    page.clock.set_fixed_time(at)
    code = taps.code_of(person, at=at)
    scan(page, code)
    return code


def test_what_waits_is_handed_in_when_the_network_returns(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    for number, person in enumerate(people[:3], start=1):
        scan(page, taps.code_of(person, at=now()))
        expect(page.get_by_text(f"{number} waiting")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 3. Counted: 3.")).to_be_visible()
    expect(page.get_by_text("Online")).to_be_visible()
    assert Visit.objects.count() == 3
    scan(page, taps.code_of(people[3], at=now()))
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert stored(page, "waiting") == []
    assert tablet.errors == []


def test_a_till_that_was_paired_again_at_the_same_place_hands_in_what_waited(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, taps.code_of(people[0], at=now()))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    tablet.context.clear_cookies()
    tablet.context.set_offline(False)
    expect(page.get_by_role("heading", name="Connect this till")).to_be_visible()
    tablet.pair(page, kaisa)
    expect(page.get_by_text("Saved scans sent: 1.")).to_be_visible()
    assert Visit.objects.count() == 1


def _lose_answers(route: Route) -> None:
    """What the page posts arrives; its answer does not."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_an_hour_of_scans_survives_reload_and_crash_and_arrives_once(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    tablet.pair(tablet.open(), kaisa)
    tablet.close()  # browsers write cookies down within half a minute
    page = tablet.open()
    page.wait_for_load_state("networkidle")
    began = now() - timedelta(minutes=CARDS)
    shown: list[str] = []

    tablet.context.set_offline(True)
    for minute, person in enumerate(people):
        if minute == 20:
            page.reload()
            expect(page.get_by_text("20 waiting")).to_be_visible()
        if minute == 40:
            tablet.kill()
            page = tablet.open(unreachable=True)
            expect(page.get_by_text("40 waiting")).to_be_visible()
        shown.append(_show(page, person, at=began + timedelta(minutes=minute)))
        expect(page.get_by_text(f"{minute + 1} waiting")).to_be_visible()
        expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    assert page.locator("#till").get_attribute("data-state") == "wait"
    Album("till-without-network").take(page, "saved")

    waiting = {entry["id"]: entry["occurredAt"] for entry in stored(page, "waiting")}
    assert len(waiting) == CARDS
    assert Scan.objects.count() == 0

    tablet.close()
    page = tablet.open()
    expect(page.get_by_text(f"Saved scans sent: {CARDS}.")).to_be_visible()
    expect(page.get_by_text("waiting")).to_be_hidden()

    assert {str(one.id): one.outcome for one in Scan.objects.all()} == dict.fromkeys(waiting, "identified")
    assert {str(one.scan_id) for one in Visit.objects.all()} == set(waiting)
    assert Visit.objects.values("subject_id").distinct().count() == CARDS
    assert stored(page, "waiting") == []
    assert tablet.errors == []


def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_id(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    page.route("**/counter/", _lose_answers)
    scan(page, taps.code_of(people[0], at=now()))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    [arrived] = Scan.objects.all()
    page.unroute("**/counter/")

    page.reload()
    page.wait_for_load_state("networkidle")
    assert stored(page, "waiting") == []
    assert [(one.id, one.outcome) for one in Scan.objects.all()] == [(arrived.id, "identified")]
    assert Visit.objects.count() == 1


def test_a_code_counts_once_at_a_till_without_a_network_and_never_in_green(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    at = now()
    code = taps.code_of(people[0], at=at)
    forged = code[:-3] + ("A" if code[-3] != "A" else "B") + code[-2:]
    told = [
        (code, SAVED, "wait"),
        (code.lower(), "Already scanned", "wait"),
        (taps.code_of(people[1], at=at - timedelta(minutes=5)), "Code expired, ask to refresh", "wait"),
        (taps.code_of(people[1], at=at + timedelta(minutes=5)), "This code is not valid yet", "wait"),
        (forged, "Not a Kliento code", "no"),
        ("WIFI:S:Kaisa;;", "Not a Kliento code", "no"),
        ("K1000 0000", "Check the card number", "wait"),
    ]
    for typed, title, state in told:
        scan(page, typed)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert page.locator("#till").get_attribute("data-state") == state
    assert len(stored(page, "waiting")) == 1
    assert tablet.errors == []
