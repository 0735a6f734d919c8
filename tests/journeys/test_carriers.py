"""A chip is read by the phone's browser or typed by a reader; the card on paper is read back from the screen.

The pictures stay in out/carriers/.
"""

import io
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from kliento.domain.cards.actions import issue_card
from kliento.domain.cards.queries import card_number
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.album import Album
from tests.looking import violations_on
from tests.phone import cookie_for
from tests.serving import Served
from tests.world import aino

# What a phone with Web NFC offers: no browser here has a chip to read.
A_READER = """
window.NDEFReader = class extends EventTarget {
  async scan({ signal }) {
    if (window.refuses) throw new DOMException("no", "NotAllowedError");
    setTimeout(() => {
      const read = new Event("reading");
      read.serialNumber = window.silent ? "" : "04:b1:3b:5c:6d:7e:80";
      this.dispatchEvent(read);
      window.stopped = signal.aborted;
    }, 50);
  }
};
"""


@pytest.fixture
def me(db) -> PersonActor:
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    return person


@pytest.fixture
def phone(browser: Browser, served: Served, me: PersonActor) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=3, locale="en-GB", service_workers="block"
    )
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(f"carriers/{request.node.originalname[5:30]}")


def test_a_chip_is_read_by_the_phone_named_blocked_and_used_again(phone: Page, served: Served, album: Album) -> None:
    phone.add_init_script(A_READER)
    phone.goto(f"{served.url}/me/carriers/new")
    phone.get_by_role("button", name="Read it with this phone").click()
    number = phone.get_by_label("Number of the chip")
    expect(number).to_have_value("04:B1:3B:5C:6D:7E:80")
    expect(number).to_be_focused()
    expect(phone.get_by_text("Read. Check that it is the one you meant.")).to_be_visible()
    assert phone.evaluate("window.stopped")
    phone.get_by_label("A travel card").check()
    phone.get_by_label("Name").fill("HSL")
    album.take(phone, "read")
    phone.get_by_role("button", name="Add", exact=True).click()
    expect(phone.get_by_role("heading", name="HSL")).to_be_visible()
    album.take(phone, "added")
    phone.get_by_role("button", name="Block").click()
    phone.get_by_role("button", name="Use it again").click()
    expect(phone.get_by_text("It works again.")).to_be_visible()
    assert violations_on(phone) == []


@pytest.mark.parametrize(
    ("how", "said"), [("refuses", "did not allow reading"), ("silent", "does not tell its number")]
)
def test_a_phone_that_reads_nothing_says_what_to_do(phone: Page, served: Served, how: str, said: str) -> None:
    phone.add_init_script(f"{A_READER} window.{how} = true;")
    phone.goto(f"{served.url}/me/carriers/new")
    phone.get_by_role("button", name="Read it with this phone").click()
    expect(phone.get_by_text(said)).to_be_visible()


def test_without_web_nfc_a_reader_that_types_is_enough(phone: Page, served: Served) -> None:
    phone.goto(f"{served.url}/me/carriers/new")
    expect(phone.get_by_role("button", name="Read it with this phone")).to_be_hidden()
    phone.get_by_label("An NFC card or sticker").check()
    phone.get_by_label("Number of the chip").focus()
    phone.keyboard.type("04b13b5c6d7e80\n")
    expect(phone.get_by_text("Added.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_on_paper_is_read_from_the_screen(
    phone: Page, served: Served, me: PersonActor, album: Album, scheme: str
) -> None:
    phone.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    phone.goto(f"{served.url}/me/card-number/paper")
    phone.get_by_role("button", name="Show the card to print").click()
    shown = phone.get_by_role("region", name="Kliento Card")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown.screenshot())))
    assert {one.format: one.text for one in read} == dict.fromkeys(
        (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128), card_number(me)
    )
    album.take(phone, f"paper-{scheme}")
    assert violations_on(phone) == []
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Download as PDF").click()
    assert saved.value.suggested_filename == "kliento-card.pdf"
