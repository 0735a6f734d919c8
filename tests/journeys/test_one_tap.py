"""One tap, end to end: a person registers, is identified at a till, sees it, takes everything along and leaves.

Mail goes through a real server, the card's QR is read from a screenshot by a decoder that knows nothing of Kliento. The
pictures stay in out/one-tap-<engine>/.
"""

import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.album import Album
from tests.databases import Databases
from tests.mailing import Postbox, mail_server
from tests.serving import Served, serving

_ADDRESS = "aino.tester@example.fi"
_PASSWORD = "metsä lampi sauna kesä"
_PHONE = {"width": 390, "height": 844}


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def served(db: Databases, postbox: Postbox) -> Iterator[Served]:
    with serving(db, EMAIL_URL=f"smtp://127.0.0.1:{postbox.port}") as product:
        yield product


def test_a_person_registers_taps_sees_it_and_leaves(
    browser: Browser, served: Served, postbox: Postbox, capsys: pytest.CaptureFixture[str]
) -> None:
    album = Album("one-tap")
    phone = browser.new_context(viewport=_PHONE, locale="en-GB").new_page()
    till = browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB").new_page()

    _register(phone, served, postbox, album)
    _store(phone, served, "first_name", "Aino", album)
    _store(phone, served, "phone", "040 123 4567", album)
    phone.goto(f"{served.url}/me/details")
    expect(phone.get_by_text("040 1234567")).to_be_visible()

    _pair(till, served, capsys, album)
    _share_first_name(phone, served, album)
    _scan(phone, till, served, album)

    phone.goto(f"{served.url}/me/activity")
    expect(phone.locator("#feed").get_by_text("Kahvila Kaisa").first).to_be_visible()
    phone.get_by_role("link", name="Kahvila Kaisa").first.click()
    expect(phone.get_by_text("First name").first).to_be_visible()
    expect(phone.get_by_text("Legal basis")).to_be_visible()
    album.take(phone, "activity-entry")

    _download(phone, served, album)
    _leave(phone, served, album)


def _register(phone: Page, served: Served, postbox: Postbox, album: Album) -> None:
    phone.goto(served.url)
    album.take(phone, "start")
    phone.goto(f"{served.url}/sign-in/me/register/")
    phone.get_by_label("E-mail address").fill(_ADDRESS)
    album.take(phone, "register")
    phone.get_by_role("button", name="Send the code").click()
    phone.get_by_label("Code").fill(_code_in_the_mail(postbox))
    album.take(phone, "code")
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("18 or over").check()
    album.take(phone, "age")
    phone.get_by_role("button", name="Continue").click()
    album.take(phone, "terms")
    phone.get_by_role("button", name="Accept the terms").click()
    phone.get_by_label("Password").fill(_PASSWORD)
    album.take(phone, "secret")
    phone.get_by_role("button", name="Use this password").click()
    expect(phone.get_by_role("heading", name="Kliento Card")).to_be_visible()


def _code_in_the_mail(postbox: Postbox) -> str:
    deadline = time.monotonic() + 20
    while not postbox.messages:
        assert time.monotonic() < deadline, "No mail came."
        time.sleep(0.1)
    assert postbox.recipients[-1] == [_ADDRESS]
    text = postbox.messages[-1].get_body(("plain",)).get_content()
    return re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)[1]


def _store(phone: Page, served: Served, code: str, text: str, album: Album) -> None:
    phone.goto(f"{served.url}/me/details/{code}")
    phone.locator("[name=value]").fill(text)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    album.take(phone, f"stored-{code}")


def _pair(till: Page, served: Served, capsys: pytest.CaptureFixture[str], album: Album) -> None:
    """The register holder's part, on the command line; the one-time code is entered at the till."""
    call_command("third_party", "add", "Kahvila Kaisa", "--business-id", "1234567-1")
    arrangement = "Kahvila Kaisa and Kliento are each a controller of their own."
    call_command("third_party", "approve", "Kahvila Kaisa", "--arrangement", arrangement, "--signed-on", "2026-01-07")
    call_command("third_party", "premises", "Kahvila Kaisa", "Töölö")
    capsys.readouterr()
    call_command("terminal", "code", "Kahvila Kaisa", "Töölö")
    till.goto(f"{served.url}/counter/")
    till.get_by_label("Code").fill(capsys.readouterr().out.strip())
    album.take(till, "pair-the-till")
    till.get_by_role("button", name="Connect").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()


def _share_first_name(phone: Page, served: Served, album: Album) -> None:
    phone.goto(f"{served.url}/me/sharing")
    phone.get_by_role("link", name="Kahvila Kaisa").click()
    phone.get_by_role("switch", name="First name").click()
    expect(phone.get_by_role("switch", name="First name")).to_have_attribute("aria-checked", "true")
    album.take(phone, "sharing")


def _scan(phone: Page, till: Page, served: Served, album: Album) -> None:
    phone.goto(f"{served.url}/me/")
    expect(phone.locator("[data-qr] svg").first).to_be_visible()
    album.take(phone, "card")
    picture = Image.open(io.BytesIO(phone.locator("[data-qr]").first.screenshot()))
    [found] = zxingcpp.read_barcodes(picture)
    assert found.text.startswith("K2.")
    till.keyboard.type(found.text)  # a hardware scanner is a keyboard; the input has the focus
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    album.take(till, "welcome")
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible(timeout=8000)


def _download(phone: Page, served: Served, album: Album) -> None:
    phone.goto(f"{served.url}/me/download")
    album.take(phone, "download")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Download").click()
    everything = json.loads(Path(download.value.path()).read_text())
    assert everything["schema"] == "kliento/export/1"
    values = {value["field"]: value["versions"][-1]["text"] for value in everything["values"]}
    assert (values["first_name"], values["phone"]) == ("Aino", "+358401234567")
    assert len(everything["visits"]) == 1


def _leave(phone: Page, served: Served, album: Album) -> None:
    phone.goto(f"{served.url}/me/close")
    phone.get_by_label("I want to close my account").check()
    album.take(phone, "close")
    phone.get_by_role("button", name="Close my account").click()
    expect(phone.get_by_role("heading", name="Your account is closed")).to_be_visible()
    phone.goto(f"{served.url}/me/")
    phone.get_by_label("E-mail address").fill(_ADDRESS)
    phone.get_by_label("Password").fill(_PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("alert")).to_be_visible()
    album.take(phone, "sign-in-fails")
