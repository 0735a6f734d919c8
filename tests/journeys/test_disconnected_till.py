"""A till that its company disconnects while it has no network: its scans arrive, and it shows nothing of anybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.album import Album
from tests.databases import Databases
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.portal import operator, portal_of
from tests.world import Place, kahvila_kaisa

_CLOCKS_AGREE_MS = 500  # a till learns the service's time from an answer, and knows not how long either way took
NAMES = ("Ainokaisa", "Eemeli", "Viljami")


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def people(kaisa: Place) -> list[PersonActor]:
    since = now() - timedelta(days=1)
    people = [taps.cardholder(f"{name.lower()}@example.fi", name, at=since) for name in NAMES]
    for person in people:
        taps.share(person, kaisa, "first_name", at=since)
    return people


def _disconnect(kaisa: Place, page: Page) -> None:
    """As its owner does in the portal; what is scanned afterwards is later by the till's clock, too."""
    [till] = Terminal.objects.filter(name="Till 1", revoked_at=None)
    assert portal_of(operator(kaisa)).post(f"/partner/terminals/{till.id}/revocation").status_code == 302
    page.wait_for_timeout(_CLOCKS_AGREE_MS)


def _shows_nothing_of_anybody(page: Page) -> None:
    shown = page.locator("body").inner_text()
    assert [word for word in (*NAMES, "Member", "Welcome", "stamps") if word in shown] == []


def test_its_queue_arrives_and_it_says_so(tablet: Tablet, kaisa: Place, people: list[PersonActor]) -> None:
    album = Album("disconnected-till")
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    for number, person in enumerate(people, start=1):
        scan(page, taps.code_of(person, at=now()))
        expect(page.get_by_text(f"{number} waiting")).to_be_visible()
    _disconnect(kaisa, page)
    tablet.context.set_offline(False)

    expect(page.get_by_role("alert").get_by_text("This till was disconnected.")).to_be_visible()
    expect(page.get_by_text("Saved scans handed in: 3.")).to_be_visible()
    album.take(page, "handed-in")
    _shows_nothing_of_anybody(page)
    assert stored(page, "waiting") == []
    assert Visit.objects.filter(cancelled_at=None, overruled_at=None).count() == 3
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified"] * 3

    page.reload()
    expect(page.get_by_text("Saved scans handed in: 3.")).to_be_visible()
    tablet.pair(page, kaisa, installed=False)
    scan(page, taps.code_of(people[0], at=now() + timedelta(seconds=30)))
    expect(page.get_by_role("heading", name="Welcome, Ainokaisa")).to_be_visible()
    assert tablet.errors == []


def test_what_it_takes_after_that_is_refused_and_counted_apart(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, taps.code_of(people[0], at=now()))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    _disconnect(kaisa, page)
    scan(page, taps.code_of(people[1], at=now()))
    expect(page.get_by_text("2 waiting")).to_be_visible()
    tablet.context.set_offline(False)

    expect(page.get_by_text("Saved scans handed in: 1.")).to_be_visible()
    expect(page.get_by_text("Not taken in, because they were made after that: 1.")).to_be_visible()
    [visit] = Visit.objects.all()
    assert visit.subject_id == people[0].person_id

    tablet.context.set_offline(True)
    page.goto(f"{tablet.url}/counter/")
    scan(page, taps.code_of(people[2], at=now()))
    expect(page.get_by_role("heading", name="This till was disconnected")).to_be_visible()
    assert stored(page, "waiting") == []
    assert tablet.errors == []


def test_a_scan_at_a_till_that_was_just_disconnected_shows_nobody(
    tablet: Tablet, kaisa: Place, people: list[PersonActor]
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    _disconnect(kaisa, page)
    scan(page, taps.code_of(people[0], at=now()))
    expect(page.get_by_role("alert").get_by_text("This till was disconnected.")).to_be_visible()
    expect(page.get_by_text("Not taken in, because they were made after that: 1.")).to_be_visible()
    _shows_nothing_of_anybody(page)
    assert not Visit.objects.exists()
