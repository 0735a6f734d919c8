"""The till's camera: Chromium's fake one shows a film of a phone; refused, missing, and the browser's own reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.visits.models import Scan
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.film import film_of
from tests.programmes import offered, takes
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

_WASM = "zxing_reader.wasm"


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    person = taps.aino(at=now())
    taps.share(person, kaisa, "first_name", at=now())
    return person


class Counter:
    """Opens browsers with flags of their own, paired at Kahvila Kaisa."""

    def __init__(self, browser_type: BrowserType, launch: dict[str, Any], served: Served, kaisa: Place) -> None:
        self._browser_type, self._launch, self._served, self._kaisa = browser_type, launch, served, kaisa

    @contextmanager
    def till(self, *flags: str, script: str = "") -> Iterator[Page]:
        """A till that waits; on leaving, no script has failed and nobody but Kliento was asked for anything."""
        browser = self._browser_type.launch(**self._launch | {"args": [*self._launch["args"], *flags]})
        page = browser.new_page(viewport={"width": 1024, "height": 768})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.add_init_script(script)
        try:
            page.goto(f"{self._served.url}/counter/")
            code = make_pairing_code(self._kaisa.premises_id, by=REGISTER_HOLDER, at=now())
            page.get_by_label("Pairing code").fill(code)
            page.get_by_role("button", name="Connect").click()
            expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
            yield page
        finally:
            browser.close()
        assert errors == []
        assert [url for url in self.asked if not url.startswith((self._served.url, "data:"))] == []


@pytest.fixture
def counter(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], served: Served, kaisa: Place
) -> Counter:
    return Counter(browser_type, browser_type_launch_args, served, kaisa)


def camera_showing(film: Path) -> list[str]:
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]


def start(till: Page) -> None:
    till.get_by_role("button", name="Start the camera").click()


def test_the_camera_reads_a_phone_once_and_is_remembered(counter: Counter, aino: PersonActor, tmp_path: Path) -> None:
    film = tmp_path / "phone.y4m"
    film_of(taps.code_of(aino, at=now()), film)
    with counter.till("--use-fake-ui-for-media-stream", *camera_showing(film)) as till:
        start(till)
        expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
        expect(till.get_by_role("heading", name="Scan a card")).to_be_visible(timeout=10_000)
        till.wait_for_timeout(1500)
        assert Scan.objects.count() == 1  # the phone is still before the camera
        assert any(url.endswith(_WASM) for url in counter.asked)

        till.reload()
        # Opened anew it starts by itself, and has not seen this phone yet.
        expect(till.get_by_role("heading", name="Already scanned")).to_be_visible()
        till.get_by_role("link", name="Next").click()
        till.get_by_role("button", name="Stop the camera").click()
        expect(till.locator("video")).to_be_hidden()
        assert till.evaluate("document.querySelector('video').srcObject") is None
        till.wait_for_load_state("networkidle")
        till.reload()
        expect(till.get_by_role("button", name="Start the camera")).to_be_visible()


def test_the_next_phone_is_read_while_an_answer_is_shown(counter: Counter, aino: PersonActor, tmp_path: Path) -> None:
    film = tmp_path / "phone.y4m"
    film_of("6412345678901", film)
    with counter.till("--use-fake-ui-for-media-stream", *camera_showing(film)) as till:
        till.keyboard.type(taps.code_of(aino, at=now()))
        till.keyboard.press("Enter")
        expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
        till.get_by_role("link", name="Next").click()
        start(till)
        expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()


def test_the_camera_waits_while_a_reward_is_decided(
    counter: Counter, aino: PersonActor, kaisa: Place, tmp_path: Path
) -> None:
    takes(aino, offered(kaisa, needed=1, at=now()), at=now())
    film = tmp_path / "phone.y4m"
    film_of("6412345678901", film)
    with counter.till("--use-fake-ui-for-media-stream", *camera_showing(film)) as till:
        till.keyboard.type(card_number(aino))
        till.keyboard.press("Enter")
        expect(till.get_by_role("button", name="A coffee: redeem")).to_be_visible()
        # What the waiting screen's button does: the camera was started before.
        till.evaluate("""() => {
            const button = document.createElement("button");
            button.dataset.cameraStart = "";
            document.querySelector("#till").append(button);
            button.click();
        }""")
        expect(till.locator("video")).to_be_attached()
        till.wait_for_timeout(3000)
        till.get_by_role("button", name="A coffee: redeem").click()
        expect(till.get_by_role("heading", name="Redeemed: A coffee")).to_be_visible()
        till.get_by_role("link", name="Next").click()
        expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()


def test_a_hidden_page_lets_the_camera_go(counter: Counter, tmp_path: Path) -> None:
    film = tmp_path / "wall.y4m"
    film_of("6412345678901", film)
    hides = """hide = (hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    with counter.till("--use-fake-ui-for-media-stream", *camera_showing(film)) as till:
        start(till)
        expect(till.locator("video")).to_be_visible()
        till.evaluate(hides)
        till.evaluate("hide(true)")
        assert till.evaluate("document.querySelector('video').srcObject") is None
        till.evaluate("hide(false)")
        expect(till.locator("video")).to_be_visible()


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        pytest.param(["--use-fake-device-for-media-stream"], "does not let this page use the camera", id="refused"),
        pytest.param([], "No camera was found", id="missing"),
    ],
)
def test_without_a_camera_a_sentence_says_so_and_the_till_goes_on(
    flags: list[str], sentence: str, counter: Counter, aino: PersonActor
) -> None:
    with counter.till(*flags) as till:
        start(till)
        expect(till.get_by_text(sentence)).to_be_visible()
        expect(till.get_by_role("button", name="Start the camera")).to_be_visible()
        till.keyboard.type(taps.code_of(aino, at=now()))
        till.keyboard.press("Enter")
        expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()


def test_a_browser_that_reads_codes_itself_loads_no_reader(counter: Counter, aino: PersonActor, tmp_path: Path) -> None:
    film = tmp_path / "wall.y4m"
    film_of("nothing of ours", film)
    platform = f"""window.BarcodeDetector = class {{
        static async getSupportedFormats() {{ return ["qr_code"]; }}
        async detect() {{ return [{{ rawValue: "{taps.code_of(aino, at=now())}" }}]; }}
    }}"""
    with counter.till("--use-fake-ui-for-media-stream", *camera_showing(film), script=platform) as till:
        start(till)
        expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
        assert not any(url.endswith(_WASM) for url in counter.asked)
