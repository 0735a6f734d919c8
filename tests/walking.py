"""What journeys share: a fingerprint reader in software, the newest code from the mailbox, a till that is connected."""

import re
import time

from playwright.sync_api import Page, expect

from kliento.domain.dispatch.queries import mailbox
from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_fingerprints(page: Page) -> Page:
    """The same page, on a device that makes passkeys."""
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    return page


def newest_code(*, after: int = 0) -> str:
    """From the demo mailbox, once the letter is there."""
    deadline = time.monotonic() + 20
    while len(mailbox()) <= after and time.monotonic() < deadline:
        time.sleep(0.1)
    found = re.search(r"^\s*(\d{6})\s*$", mailbox()[0].text, re.MULTILINE)
    assert found
    return found[1]


def paired(till: Page, served: Served, place: Place) -> Page:
    """The page of a till of that place, connected."""
    till.goto(f"{served.url}/counter/")
    till.get_by_label("Pairing code").fill(make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now()))
    till.get_by_role("button", name="Connect").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()
    return till
