"""The till as an app: installed, full, sealed, in the language and the size chosen, with a clock that may be off."""

import base64
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import expect

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.recipients.actions import set_pin, want_pins
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.phone import cookie_for
from tests.portal import operator
from tests.world import Place

SAVED = "Offline: saved, checked later"
KEPT = """async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map((request) => new URL(request.url).pathname);
}"""
IN_FINNISH = """async () => {
    const shell = async () => (await caches.match("/counter/shell")).text();
    while (!(await shell()).includes('lang="fi"')) await new Promise((next) => setTimeout(next, 50));
}"""


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    person = taps.aino(at=now() - timedelta(days=1))
    taps.share(person, kaisa, "first_name", at=now())
    return person


def test_the_manifest_names_icons_there_are(db: object) -> None:
    manifest = Client().get("/counter/manifest.webmanifest").json()
    assert manifest["start_url"] == manifest["scope"] == "/counter/"
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])


def test_everything_the_till_asks_for_is_kept_and_there(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.removeprefix(tablet.url)))
    page.reload()
    page.wait_for_load_state("networkidle")
    kept = set(page.evaluate(KEPT))
    static = {path for path in asked if path.startswith("/static/") and "/print.css" not in path}
    # Style sheets of other pages come along online and are not missed.
    assert {path for path in static - kept if not path.startswith("/static/css/components/")} == set()
    assert {path for path in kept if not path.startswith("/static/")} == {"/counter/shell"}


def test_the_card_and_the_till_keep_their_files_in_one_browser(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.add_cookies([{**cookie_for(aino), "url": tablet.url}])
    page.goto(f"{tablet.url}/me/")
    expect(page.locator("[data-ring]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    kept = page.evaluate(KEPT)
    assert {"/counter/shell", "/me/card-shell"} <= set(kept)


def test_a_full_device_says_so_loudly_and_takes_no_scan(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.open()
    full = {"origin": tablet.url, "quotaSize": 1}
    tablet.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", full)
    tablet.pair(page, kaisa, installed=False)
    scan(page, taps.code_of(aino, at=now()))
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()  # the server answers all the same

    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
    expect(page.locator("#till")).to_have_attribute("data-state", "no")
    page.wait_for_timeout(6000)
    expect(page.get_by_role("heading", name="Not saved")).to_be_visible()  # it does not go away by itself
    assert stored(page, "waiting") == []


def test_a_device_with_room_again_goes_on_and_has_lost_nothing(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    scan(page, taps.code_of(aino, at=now()))
    expect(page.get_by_text("1 waiting")).to_be_visible()
    tablet.close()
    page = tablet.open(unreachable=True)
    expect(page.get_by_text("1 waiting")).to_be_visible()
    devtools = tablet.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": tablet.url, "quotaSize": 1})
    eino = taps.cardholder("eino@example.fi", "Eino", at=now() - timedelta(days=1))
    code = taps.code_of(eino, at=now())
    for _ in range(2):
        scan(page, code)
        expect(page.get_by_role("heading", name="Not saved")).to_be_visible()
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    assert len(stored(page, "waiting")) == 1

    devtools.send("Storage.overrideQuotaForOrigin", {"origin": tablet.url})
    scan(page, code)  # nothing of it was kept, so it was not used here either
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("2 waiting")).to_be_visible()
    assert tablet.errors == []
    tablet.close()
    page = tablet.open()
    expect(page.get_by_text("Saved scans sent: 2. Counted: 2.")).to_be_visible()
    assert Visit.objects.count() == 2


def test_an_old_list_is_said_until_there_is_a_new_one(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    old = page.get_by_text("This till’s list is old")
    expect(old).to_be_hidden()
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(old).to_be_hidden()
    page.clock.set_fixed_time(now() + timedelta(hours=25))
    scan(page, "https://example.com/")  # no card, so nothing waits
    expect(old).to_be_visible()
    page.reload()
    expect(old).to_be_visible()
    page.clock.set_fixed_time(now())
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 1.")).to_be_visible()
    expect(old).to_be_hidden()


def test_without_a_network_the_till_speaks_the_language_chosen(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.add_cookies([{"name": "django_language", "value": "fi", "url": tablet.url}])
    page.reload()
    page.evaluate(IN_FINNISH)
    tablet.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Lue kortti")).to_be_visible()
    expect(page.get_by_text("Kahvila Kaisa · Kallio")).to_be_visible()
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name="Ei verkkoa: tallennettu, tarkistetaan myöhemmin")).to_be_visible()


def test_a_clock_that_is_off_is_named_and_corrected(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.open()
    page.clock.set_fixed_time(now() - timedelta(hours=3))
    tablet.pair(page, kaisa)
    expect(page.get_by_text("Clock behind: 180 min")).to_be_visible()
    tablet.context.set_offline(True)
    scan(page, taps.code_of(aino, at=now()))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 1. Counted: 1.")).to_be_visible()
    assert abs(Visit.objects.get().occurred_at - now()) < timedelta(minutes=2)


def test_large_type_and_the_keyboard_alone(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    size = "document.querySelector('.till-answer h1').getBoundingClientRect().height"
    before = page.evaluate(size)
    page.get_by_role("link", name="Settings").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Normal").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    assert page.evaluate(size) > before
    expect(page.get_by_label("Card code")).to_be_focused()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Next")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()


def test_no_code_stands_in_clear_in_the_queue(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    code = taps.code_of(aino, at=now())
    scan(page, code)
    expect(page.get_by_text("1 waiting")).to_be_visible()
    [entry] = stored(page, "waiting")
    [used] = stored(page, "used")
    raw = base64.urlsafe_b64decode(entry["sealed"] + "=" * (-len(entry["sealed"]) % 4))
    assert code.encode() not in raw
    assert not any(part in str(entry) + str(used) for part in code.split(".")[2:])


def test_a_blocked_card_is_not_accepted_without_a_network_either(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    eino = taps.cardholder("eino@example.fi", "Eino", at=now() - timedelta(days=1))
    codes = [card_number(aino), taps.code_of(aino, at=now())]
    for medium in media_of_person(aino.person_id):
        block_medium(aino.person_id, medium.id, by=aino, at=now())
    page = tablet.pair(tablet.open(), kaisa)
    [kept] = stored(page, "blocked")
    assert set(kept) == {"version", "goodUntil", "listKey", "entries"}
    tablet.context.set_offline(True)
    for code in codes:
        scan(page, code)
        expect(page.get_by_role("heading", name="Not accepted")).to_be_visible()
        assert page.locator("#till").get_attribute("data-state") == "no"
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    scan(page, card_number(eino))
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.get_by_text("Saved scans sent: 3. Counted: 1.")).to_be_visible()
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified", "not_accepted", "not_accepted"]


def test_a_locked_till_stays_locked_without_a_network(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    owner = operator(kaisa)
    page = tablet.pair(tablet.open(), kaisa)
    set_pin("73952", by=owner, at=now())
    want_pins(wanted=True, by=owner, at=now())
    page.reload()
    expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    page.wait_for_load_state("networkidle")
    tablet.context.set_offline(True)
    page.goto(f"{tablet.url}/counter/")
    scan(page, card_number(aino))
    expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()
    assert stored(page, "waiting") == []
