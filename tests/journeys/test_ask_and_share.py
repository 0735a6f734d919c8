"""A person and a shop side by side: asked, refused, asked again, shared, stopped, deleted; stamps to a reward.

Whatever the phone decides is looked for in all three places where the shop could see it: its page, the API and its
files. The pictures stay in out/ask-and-share-<engine>/.
"""

import io
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kliento.interfaces.signin.sessions import cookie_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests.album import Album
from tests.phone import cookie_for
from tests.portal import operator, portal_of
from tests.serving import Served
from tests.taps import cardholder, code_of, tap
from tests.world import Place, kahvila_kaisa, relation_of, stores

_PHONE = "+358401234567"
_AS_READ = re.compile("40 1234567")  # with 0 at home, +358 for those who export it


@dataclass(frozen=True)
class Scene:
    """Everybody on stage: Aino with her phone, the café with its office and its till."""

    url: str
    aino: PersonActor
    place: Place
    number: str
    phone: Page
    office: Page
    till: Page
    album: Album


@pytest.fixture
def scene(served: Served, browser: Browser) -> Scene:
    place = kahvila_kaisa(at=now())
    aino = cardholder("aino@example.fi", "Aino", at=now())
    stores(aino, at=now(), phone=_PHONE)
    tap(aino, place, at=now() - timedelta(days=2))
    phone = _page(browser, 390, 844)
    phone.context.add_cookies([{**cookie_for(aino), "url": served.url}])
    office = _page(browser, 1280, 900)
    portal = portal_of(operator(place))
    office.context.add_cookies(
        [{"name": cookie_of("partner"), "value": portal.cookies[cookie_of("partner")].value, "url": served.url}]
    )
    till = _page(browser, 1024, 768)
    album = Album("ask-and-share")
    number = relation_of(aino, place).member_number
    return Scene(served.url, aino, place, number, phone, office, till, album)


@pytest.mark.both_engines
def test_asked_refused_asked_again_shared_stopped_and_deleted(scene: Scene) -> None:
    _make_question(scene)
    _ask(scene)
    _answer(scene, "Don’t share")
    _is_nowhere(scene, "refused")

    _ask(scene)
    _answer(scene, "Share 1 detail")
    _is_everywhere(scene)

    _stop(scene)
    _is_nowhere(scene, "stopped")
    _confirm_deletion(scene)


@pytest.mark.both_engines
def test_stamps_to_a_reward_that_is_redeemed_once(scene: Scene) -> None:
    _start_programme(scene)
    _take_into_use(scene)
    tap(scene.aino, scene.place, at=now() - timedelta(hours=1))
    _pair_till(scene)
    _scan(scene)
    expect(scene.till.locator(".till-line", has_text="Reward ready · 2 stamps")).to_be_visible()
    scene.album.take(scene.till, "two-of-two")
    scene.till.get_by_role("button", name="Coffee and a bun: redeem").click()
    expect(scene.till.get_by_text("0 of 2 stamps").first).to_be_visible()
    scene.album.take(scene.till, "redeemed")

    scene.phone.goto(f"{scene.url}/me/wallet")
    scene.phone.get_by_role("link", name="Kahvila Kaisa").click()
    expect(scene.phone.get_by_text("0 of 2 stamps").first).to_be_visible()
    scene.album.take(scene.phone, "loyalty-card")
    scene.phone.get_by_role("button", name="Put out of use").click()
    scene.office.goto(f"{scene.url}/partner/members/{scene.number}")
    expect(scene.office.get_by_text("Aino", exact=True)).to_have_count(0)


def _page(browser: Browser, width: int, height: int) -> Page:
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    return context.new_page()


def _make_question(scene: Scene) -> None:
    office = scene.office
    office.goto(f"{scene.url}/partner/questions/new")
    office.get_by_label("Phone number: needed", exact=True).check()
    office.locator("[name=reason]").fill("to tell you when your order is ready")
    scene.album.take(office, "new-question")
    office.get_by_role("button", name="Open the question").click()
    expect(office.get_by_text("to tell you when your order is ready").first).to_be_visible()
    scene.album.take(office, "question")


def _ask(scene: Scene) -> None:
    office = scene.office
    office.goto(f"{scene.url}/partner/members/{scene.number}")
    office.get_by_role("link", name="Ask for a detail").click()
    office.get_by_role("radio").first.check()
    scene.album.take(office, "asking")
    office.get_by_role("button", name="Ask").click()
    expect(office.get_by_role("heading", name=f"Member {member_number(scene.number)}")).to_be_visible()


def _answer(scene: Scene, button: str) -> None:
    phone = scene.phone
    phone.goto(f"{scene.url}/me/sharing")
    scene.album.take(phone, "somebody-asks")
    phone.get_by_role("link", name="Kahvila Kaisa asks").click()
    expect(phone.get_by_text(_AS_READ)).to_be_visible()  # exactly what would be shown, before answering
    scene.album.take(phone, "the-question")
    phone.get_by_role("button", name=button).click()
    expect(phone.get_by_role("button", name=button)).to_have_count(0)
    scene.album.take(phone, "answered")


def _stop(scene: Scene) -> None:
    phone = scene.phone
    phone.goto(f"{scene.url}/me/sharing")
    phone.get_by_role("link", name="Kahvila Kaisa").click()
    switch = phone.get_by_role("switch", name="Phone number", exact=True)
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    scene.album.take(phone, "stopped")


def _confirm_deletion(scene: Scene) -> None:
    expect(scene.phone.get_by_text("not yet", exact=False).first).to_be_visible()
    scene.office.goto(f"{scene.url}/partner/notices")
    scene.album.take(scene.office, "to-delete")
    scene.office.get_by_role("button", name=re.compile("Deleted.*Phone number")).click()
    expect(scene.office.get_by_role("button", name=re.compile("Undo.*Phone number"))).to_be_visible()
    scene.phone.reload()
    expect(scene.phone.get_by_text("confirmed", exact=False).first).to_be_visible()
    scene.album.take(scene.phone, "deletion-confirmed")


def _is_nowhere(scene: Scene, moment: str) -> None:
    scene.office.goto(f"{scene.url}/partner/members/{scene.number}")
    expect(scene.office.get_by_role("heading", name="Shared with you")).to_be_visible()
    expect(scene.office.get_by_text(_AS_READ)).to_have_count(0)
    scene.album.take(scene.office, f"{moment}-member")
    assert _asked_over_the_api(scene) == (403, "")
    assert not any("1234567" in row for row in _in_files(scene))


def _is_everywhere(scene: Scene) -> None:
    scene.office.goto(f"{scene.url}/partner/members/{scene.number}")
    expect(scene.office.get_by_text(_AS_READ)).to_be_visible()
    scene.album.take(scene.office, "shared-member")
    assert _asked_over_the_api(scene) == (200, _PHONE)
    assert all("1234567" in file for file in _in_files(scene))


def _asked_over_the_api(scene: Scene) -> tuple[int, str]:
    answer = scene.office.request.get(
        f"{scene.url}/api/v1/members/{scene.number}?fields=phone&purpose=serving",
        headers={"Authorization": f"Bearer {scene.place.secret}"},
    )
    return answer.status, answer.json().get("values", {}).get("phone", "")


def _in_files(scene: Scene) -> list[str]:
    """The text of the members' files that hold phone numbers: CSV, and XLSX read back."""
    scene.office.goto(f"{scene.url}/partner/members")
    token = scene.office.locator("form.above-acts [name=csrfmiddlewaretoken]").input_value()
    sent = {"form": {"fields": "phone", "csrfmiddlewaretoken": token}, "headers": {"Referer": scene.office.url}}
    table = scene.office.request.post(f"{scene.url}/partner/members.csv", **sent)
    book = scene.office.request.post(f"{scene.url}/partner/members.xlsx", **sent)
    assert (table.status, book.status) == (200, 200)
    rows = load_workbook(io.BytesIO(book.body())).active.iter_rows(values_only=True)
    return [re.sub(r"\s", "", text) for text in (table.text(), str(list(rows)))]


def _start_programme(scene: Scene) -> None:
    office = scene.office
    office.goto(f"{scene.url}/partner/programme/new")
    office.locator("[name=name]").fill("Kaisan kortti")
    office.locator("[name=reward]").fill("Coffee and a bun")
    office.locator("[name=stamps_needed]").fill("2")
    office.get_by_label("First name").check()
    office.locator("[name=reason]").fill("to write your name on the cup")
    scene.album.take(office, "new-programme")
    office.get_by_role("button", name="Start").click()
    expect(office.get_by_role("heading", name="Close the programme")).to_be_visible()


def _take_into_use(scene: Scene) -> None:
    phone = scene.phone
    phone.goto(f"{scene.url}/me/wallet")
    scene.album.take(phone, "wallet")
    phone.get_by_role("link", name="Kahvila Kaisa").click()
    expect(phone.get_by_text("to write your name on the cup")).to_be_visible()
    expect(phone.get_by_text("Aino", exact=True)).to_be_visible()
    scene.album.take(phone, "before-taking")
    phone.get_by_role("button", name="Take into use").click()
    expect(phone.get_by_role("button", name="Put out of use")).to_be_visible()


def _pair_till(scene: Scene) -> None:
    office, till = scene.office, scene.till
    office.goto(f"{scene.url}/partner/premises")
    office.get_by_role("link", name="Pair a terminal").click()
    office.get_by_role("button", name="Make a pairing code").click()
    code = office.locator(".code-panel-code").inner_text()
    scene.album.take(office, "pairing-code")
    till.goto(f"{scene.url}/counter/")
    till.get_by_label("Code").fill(code)
    till.get_by_role("button", name="Connect").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()


def _scan(scene: Scene) -> None:
    scene.till.keyboard.type(code_of(scene.aino, at=now()))  # a hardware scanner is a keyboard
    scene.till.keyboard.press("Enter")
    expect(scene.till.get_by_role("heading", name="Welcome")).to_be_visible()
