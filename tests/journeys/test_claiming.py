"""A card from the counter becomes somebody's: stamps at a till, a claim code, registering, deciding, undoing.

The pictures stay in out/claiming/.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kliento.domain.cards.rules import number_for_reading
from kliento.kernel.clock import now
from tests import programmes
from tests.album import Album
from tests.blanks import blank_card, shown
from tests.databases import Databases
from tests.door import DOOR
from tests.looking import violations_on
from tests.serving import Served
from tests.walking import newest_code, paired, with_fingerprints
from tests.world import PASSWORD, Place, kahvila_kaisa

ADDRESS = "uusi@example.fi"


@pytest.fixture
def kaisa(db: Databases) -> Place:
    """A café that gives a coffee for three visits."""
    place = kahvila_kaisa(at=now() - timedelta(days=2))
    programmes.offered(place, needed=3, at=now() - timedelta(days=2))
    return place


@pytest.fixture
def number(kaisa: Place) -> str:
    """A card that was handed out blank, and shown at the café an hour ago."""
    handed_out = blank_card(at=now() - timedelta(hours=2))
    shown(handed_out, kaisa, at=now() - timedelta(hours=1))
    return handed_out


@pytest.fixture
def till(browser: Browser, served: Served, kaisa: Place) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB")
    yield paired(context.new_page(), served, kaisa)
    context.close()


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(f"claiming/{request.node.originalname[5:30]}")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    yield context
    context.close()


def test_a_blank_card_becomes_somebodys_and_everything_is_there_once(
    phone: BrowserContext, till: Page, served: Served, number: str, album: Album
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    errors: list[str] = []
    till.on("pageerror", lambda error: errors.append(str(error)))
    code, link = _given(till, number, album)
    page = with_fingerprints(phone.new_page())

    page.goto(link)
    expect(page.get_by_label("Claim code")).to_have_value(code)
    assert page.url == f"{served.url}{DOOR}register/claim"
    album.take(page, "link")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your card waits")).to_be_visible()
    album.take(page, "kept")
    page.get_by_role("link", name="Register").first.click()
    album.take(page, "register")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the code").click()

    other = phone.new_page()  # where the mail was read
    other.goto(f"{served.url}{DOOR}register/code")
    other.get_by_label("Code").fill(newest_code())
    other.get_by_role("button", name="Continue").click()
    other.get_by_label("18 or over").check()
    other.get_by_role("button", name="Continue").click()
    page.bring_to_front()
    page.goto(f"{served.url}{DOOR}register/terms")
    page.get_by_role("button", name="Accept the terms").click()
    page.get_by_role("button", name="Create a passkey").click()

    page.wait_for_url(f"{served.url}/me/claim/waiting")
    _decides(page, album)
    _finds_everything_once(page, served, album)
    _type(till, number)  # while the claim code is still shown
    expect(till.get_by_role("heading", name="Welcome")).to_be_visible()
    assert errors == []
    expect(till.get_by_text("2 of 3 stamps", exact=True)).to_be_visible()
    page.goto(f"{served.url}/me/claims")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The card is on its own again")).to_be_visible()
    album.take(page, "undone")
    page.goto(f"{served.url}/me/wallet")
    expect(page.get_by_text("0 of 3 stamps")).to_be_visible()

    spellings = (code, code.lower(), number_for_reading(code), number, number.lower())
    seen = [*asked, served.log.read_text(errors="replace")]
    assert [text for text in seen for spelling in spellings if spelling in text] == []


def test_without_scripts_the_code_is_typed_and_a_password_does(
    browser: Browser, till: Page, served: Served, number: str, album: Album
) -> None:
    code, link = _given(till, number, album)
    page = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False
    ).new_page()
    page.goto(link)
    page.get_by_label("Claim code").fill(number_for_reading(code)[:-1] + ("0" if code[-1] != "0" else "1"))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("a letter or digit is wrong").first).to_be_visible()
    page.get_by_label("Claim code").fill(number_for_reading(code).lower())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("18 or over").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Accept the terms").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Use this password").click()
    page.wait_for_url(f"{served.url}/me/claim/waiting")
    expect(page.get_by_text("2 visits")).to_be_visible()
    page.get_by_role("link", name="Not now").click()
    page.get_by_role("link", name=re.compile("^Add a card")).click()
    page.get_by_role("link", name="See what it brings").click()
    page.get_by_role("button", name="Add the card").click()
    expect(page.get_by_text("The card is yours")).to_be_visible()


def _given(till: Page, number: str, album: Album) -> tuple[str, str]:
    """The claim code that the till shows for the card, as text, and where its picture leads."""
    _type(till, number)
    expect(till.get_by_role("heading", name="Card without an account")).to_be_visible()
    expect(till.get_by_text("2 of 3 stamps", exact=True)).to_be_visible()
    album.take(till, "unclaimed")
    till.get_by_role("button", name="Give a claim code").click()
    expect(till.get_by_role("heading", name="Claim code")).to_be_visible()
    album.take(till, "claim-code")
    code = till.locator(".till-line").inner_text().replace(" ", "")
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(till.locator(".till-code").screenshot())))
    assert read.text.endswith(f"/me/claim#{code}")
    return code, read.text


def _type(till: Page, number: str) -> None:
    expect(till.get_by_role("textbox", name="Card code")).to_be_focused()
    till.keyboard.type(number)
    till.keyboard.press("Enter")


def _decides(page: Page, album: Album) -> None:
    expect(page.get_by_text("Kahvila Kaisa")).to_be_visible()
    expect(page.get_by_text("2 visits")).to_be_visible()
    expect(page.get_by_text("2 of 3 stamps")).to_be_visible()
    album.take(page, "brings")
    assert violations_on(page) == []
    page.get_by_role("button", name="Add the card").click()
    expect(page.get_by_text("You can undo it for seven days")).to_be_visible()
    album.take(page, "claims")
    assert violations_on(page) == []


def _finds_everything_once(page: Page, served: Served, album: Album) -> None:
    page.goto(f"{served.url}/me/activity")
    album.take(page, "activity")
    expect(page.get_by_text("Visit ·")).to_have_count(2)
    page.goto(f"{served.url}/me/wallet")
    expect(page.get_by_text("2 of 3 stamps")).to_have_count(1)
    album.take(page, "wallet")
