"""A browser as a till that is an app: with a profile of its own that outlives a crash, and its service worker."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from kliento.domain.recipients.actions import make_pairing_code, name_oneself, set_pin, want_pins
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from tests.portal import operator
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

# Not by `wait_for_function`: it evaluates text, which the pages' content security policy forbids.
_READY = """async () => {
    while (navigator.serviceWorker.controller === null) await new Promise((next) => setTimeout(next, 50));
    await navigator.serviceWorker.ready;
}"""
STORED = """async (name) => {
    const database = await new Promise((resolve, reject) => {
        const opening = indexedDB.open("kliento-till");
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const all = database.transaction(name).objectStore(name).getAll();
    return await new Promise((resolve) => { all.onsuccess = () => { database.close(); resolve(all.result); }; });
}"""


class Tablet:
    """What stands at the counter. It can be opened, killed, and opened again; its profile stays."""

    def __init__(self, browser_type: BrowserType, launch: dict[str, Any], served: Served, profile: Path) -> None:
        self._browser_type, self._launch, self.url, self.profile = browser_type, launch, served.url, profile
        self.context: BrowserContext
        self.errors: list[str] = []
        self.launch_flags: list[str] = []

    def open(self, *, unreachable: bool = False, **options: Any) -> Page:
        """Start the browser and open the till. `unreachable`: for as long as it runs no request gets anywhere."""
        shown = {"viewport": {"width": 1024, "height": 768}, "locale": "en-GB"} | options
        flags = [
            *self._launch["args"],
            *self.launch_flags,
            *(["--host-resolver-rules=MAP * ~NOTFOUND"] if unreachable else []),
        ]
        launch = self._launch | {"args": flags}
        self.context = self._browser_type.launch_persistent_context(self.profile, **launch, **shown)
        page = self.context.pages[0]
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.url}/counter/")
        return page

    def pair(self, page: Page, place: Place, *, installed: bool = True) -> Page:
        """Make it a till of this place, ready for being without a network unless it cannot be."""
        code = make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())
        page.get_by_label("Pairing code").fill(code)
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
        if installed:
            page.evaluate(_READY)
        page.wait_for_load_state("networkidle")
        return page

    def kill(self) -> None:
        """As a power cut would."""
        for pid in self._processes():
            os.kill(pid, signal.SIGKILL)
        while self._processes():
            time.sleep(0.05)
        (self.profile / "SingletonLock").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the browser as somebody would in the evening."""
        self.context.close()

    def _processes(self) -> list[int]:
        ours = f"--user-data-dir={self.profile}".encode()
        return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if ours in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def scan(page: Page, code: str) -> None:
    """As a scanner does: types wherever the focus is, then Enter."""
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")


def stored(page: Page, name: str) -> list[dict[str, Any]]:
    """What the till keeps under this name."""
    return list(page.evaluate(STORED, name))


def about(page: Page) -> dict[str, Any]:
    """What the till keeps about itself."""
    return next(one for one in stored(page, "about") if isinstance(one, dict))


def owner_with_pin(place: Place, pin: str, settings: Any) -> OperatorActor:
    """Kaisa, with a PIN as the served pages hash it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    owner = operator(place)
    name_oneself("Kaisa Kahvinen", by=owner)
    set_pin(pin, by=owner, at=now())
    return owner


def opened_by_pin(tablet: Tablet, place: Place, owner: OperatorActor, pin: str) -> Page:
    """A till there that asks for PINs, opened by its owner's."""
    page = tablet.pair(tablet.open(), place)
    want_pins(wanted=True, by=owner, at=now())
    page.reload()
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Open the till").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page
