"""What a card is held to at the till: scanners of other layouts, cameras, card readers; browsers that cannot check."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.visits.models import Scan
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.interfaces.counter.film import film_of
from tests.interfaces.counter.test_camera import camera_showing
from tests.world import Place

SAVED = "Offline: saved, checked later"
# A browser that cannot check Ed25519 itself.
OLDER = """const native = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = async (format, key, algorithm, ...rest) => {
        if (algorithm === "Ed25519") throw new DOMException("unknown", "NotSupportedError");
        return native(format, key, algorithm, ...rest);
    };"""
# A device with Web NFC to which a card is held when `hold` is called.
NFC = """window.NDEFReader = class extends EventTarget {
    async scan() {
        window.hold = (serialNumber) => this.dispatchEvent(Object.assign(new Event("reading"), { serialNumber }));
    }
};"""
TORCH = """window.lights = [];
    MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
    MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void lights.push(advanced[0].torch);"""


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    person = taps.aino(at=now() - timedelta(days=1))
    taps.share(person, kaisa, "first_name", at=now())
    return person


def test_a_browser_without_ed25519_checks_with_the_vendored_one(
    tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.open()
    page.add_init_script(OLDER)
    tablet.pair(page, kaisa)
    tablet.context.set_offline(True)
    code = taps.code_of(aino, at=now())
    scan(page, code[:-3] + ("A" if code[-3] != "A" else "B") + code[-2:])
    expect(page.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    scan(page, code)
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("A genuine code. It is counted when the network is back.", exact=True)).to_be_visible()


def test_a_signature_is_written_in_one_way(tablet: Tablet, kaisa: Place, aino: PersonActor) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    tablet.context.set_offline(True)
    code = taps.code_of(aino, at=now())
    symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    scan(page, code[:-1] + symbols[symbols.index(code[-1]) + 1])  # of its five bits the last three say nothing
    expect(page.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    scan(page, code)
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()


# What a scanner set to the American layout presses, as a computer with the Finnish one understands it: (key, shift).
FINNISH = {".": ".", "-": "+", "/": "-", ":": "Ö"}
SHIFTED = dict(zip("1234567890.", '!"#¤%&/()=:', strict=True))


def _wedge(page: Page, code: str, *, locked: bool = False) -> None:
    """Key by key, with key events as that layout makes them. `locked`: somebody left Shift Lock on."""
    devtools = page.context.new_cdp_session(page)
    for symbol in code:
        written = SHIFTED.get(symbol, symbol.lower()) if locked else FINNISH.get(symbol, symbol)
        physical = "Period" if symbol == "." else f"Digit{symbol}" if symbol.isdigit() else f"Key{symbol}"
        pressed = {"code": physical, "key": written, "text": written, "unmodifiedText": written}
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", "code": physical, "key": written})
    page.keyboard.press("Enter")


@pytest.mark.parametrize("locked", [False, True], ids=["plain", "shift lock"])
def test_an_american_scanner_on_a_finnish_computer_is_understood(
    locked: bool, tablet: Tablet, kaisa: Place, aino: PersonActor
) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    _wedge(page, taps.code_of(aino, at=now()), locked=locked)
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    _wedge(page, card_number(aino), locked=locked)
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    assert set(Scan.objects.values_list("outcome", flat=True)) == {"identified"}


def test_a_card_held_to_the_device_is_entered_by_its_number(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.open()
    page.add_init_script(NFC)
    tablet.pair(page, kaisa)
    page.get_by_role("button", name="Read cards held to this device").click()
    expect(page.get_by_role("button", name="Read cards held to this device")).to_be_hidden()
    tablet.context.set_offline(True)
    page.evaluate("hold('04:a2:2b:62:c1:5e:80')")
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_text("This kind of card cannot be checked without a network.", exact=True)).to_be_visible()


def test_one_of_two_cameras_can_be_chosen_and_is_remembered(tablet: Tablet, kaisa: Place) -> None:
    tablet.launch_flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2"]
    page = tablet.pair(tablet.open(), kaisa)
    page.get_by_role("button", name="Start the camera").click()
    choice = page.get_by_role("combobox", name="Camera")
    expect(choice).to_be_visible()
    before = choice.input_value()
    other = next(
        each for each in choice.locator("option").evaluate_all("all => all.map((each) => each.value)") if each != before
    )
    choice.select_option(other)
    expect(page.locator("video")).to_be_visible()
    expect(choice).to_have_value(other)
    page.wait_for_function(  # a camera takes its time to open: until then there is no picture
        "other => document.querySelector('video').srcObject?.getVideoTracks()[0].getSettings().deviceId === other",
        arg=other,
    )
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(choice).to_have_value(other)


def test_the_camera_reads_without_a_network_and_its_light_can_be_turned_on(
    tablet: Tablet, kaisa: Place, aino: PersonActor, tmp_path: Path
) -> None:
    film = tmp_path / "film.y4m"
    film_of(card_number(aino), film)
    tablet.launch_flags = ["--use-fake-ui-for-media-stream", *camera_showing(film)]
    page = tablet.open()
    page.add_init_script(TORCH)
    tablet.pair(page, kaisa)
    tablet.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("heading", name=SAVED)).to_be_visible()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible(timeout=10_000)
    light = page.get_by_role("button", name="Light")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("lights") == [True, False]
    assert len(stored(page, "waiting")) == 1  # the card is still before the camera
