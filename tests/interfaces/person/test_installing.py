"""The card as an app: what installs it, what is kept on the phone, and that it opens without a network."""

import io
import re
from collections.abc import Iterator

import pytest
import zxingcpp
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.rules import slot_at
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.phone import cookie_for, text_of
from tests.serving import Served
from tests.taps import tap
from tests.world import aino, kahvila_kaisa

KEPT = """async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return kept.flat().map((request) => new URL(request.url).pathname);
}"""

# Not by `wait_for_function`: it evaluates text, which the pages' content security policy forbids.
IN_CHARGE = """async () => {
    while (navigator.serviceWorker.controller === null) await new Promise((next) => setTimeout(next, 50));
}"""


@pytest.fixture
def me(db) -> PersonActor:
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    return person


@pytest.fixture
def phone(browser: Browser, served: Served, me: PersonActor) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    yield context
    context.close()


def scanned(page: Page) -> str:
    """What an independent decoder reads from the screen."""
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    return found.text


def codes_around_now(me: PersonActor) -> list[str]:
    return codes_for(me, from_slot=slot_at(now()) - 1, count=2)


def opened(phone: BrowserContext, served: Served) -> Page:
    """The card page, ready for being without a network."""
    page = phone.new_page()
    page.goto(f"{served.url}/me/")
    expect(page.locator("[data-ring]")).to_be_visible()
    page.evaluate(IN_CHARGE)
    return page


def test_the_manifest_names_icons_there_are(db) -> None:
    manifest = Client().get("/me/manifest.webmanifest").json()

    assert manifest["start_url"] == "/me/"
    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        with Image.open(path) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_the_worker_keeps_only_files_there_are_and_a_page_that_is_nobodys(db) -> None:
    script = text_of(Client().get("/me/service-worker.js"))
    files = re.findall(r'"(/[^"]+)"', script)

    assert [each for each in files if not each.startswith("/static/")] == ["/me/card-shell", "/me/"]
    assert all(finders.find(each.removeprefix("/static/")) for each in files if each.startswith("/static/"))


def test_the_page_for_use_offline_is_the_same_for_everybody(me) -> None:
    signed_in = Client()
    cookie = cookie_for(me)
    signed_in.cookies[cookie["name"]] = cookie["value"]

    assert text_of(signed_in.get("/me/card-shell")) == text_of(Client().get("/me/card-shell"))


def test_the_code_on_the_screen_is_this_moments_and_large(phone: BrowserContext, served: Served, me) -> None:
    page = opened(phone, served)
    box = page.locator("[data-qr]").bounding_box()

    assert scanned(page) in codes_around_now(me)
    assert box is not None
    assert min(box["width"], box["height"]) >= 240


def test_the_card_opens_without_a_network_and_renews_itself(phone: BrowserContext, served: Served, me) -> None:
    page = opened(phone, served)
    phone.set_offline(True)
    page.goto(f"{served.url}/me/")
    expect(page.locator("[data-ring]")).to_be_visible()
    assert scanned(page) in codes_around_now(me)

    page.clock.install()
    page.reload()
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-ring]")).to_be_visible()
    [later] = codes_for(me, from_slot=slot_at(now()) + 2)
    page.clock.run_for(2_000)
    assert scanned(page) in [later, *codes_for(me, from_slot=slot_at(now()) + 1, count=3)]


def test_nothing_personal_is_kept_but_codes_that_were_not_shown(phone: BrowserContext, served: Served, me) -> None:
    page = opened(phone, served)
    for address in ["/me/activity", "/me/details", "/me/"]:
        page.goto(f"{served.url}{address}")

    assert {each for each in page.evaluate(KEPT) if not each.startswith("/static/")} == {"/me/card-shell"}
    assert page.evaluate("Object.keys(localStorage)") == []
    # The address of the open page, until its tab is closed: htmx writes it unasked.
    assert page.evaluate("Object.keys(sessionStorage)") == ["htmx-current-path-for-history"]


def test_signing_out_takes_the_codes_off_the_phone(phone: BrowserContext, served: Served) -> None:
    page = opened(phone, served)
    page.goto(f"{served.url}/me/me")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/me/me" not in url)
    phone.set_offline(True)
    page.goto(f"{served.url}/me/")

    expect(page.locator("[data-card-problem]")).to_be_visible()
    expect(page.locator("[data-qr]")).to_be_hidden()


def test_an_open_page_shows_a_visit_by_itself(phone: BrowserContext, served: Served, me) -> None:
    page = opened(phone, served)
    tap(me, kahvila_kaisa(at=now()), at=now())

    expect(page.get_by_role("link", name="Kahvila Kaisa, Kallio")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Kahvila Kaisa")).to_be_attached()
