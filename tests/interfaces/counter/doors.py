"""A till from when its place counts stays, wants PINs and stands elsewhere, to when it is disconnected."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import Page, expect

from kliento.domain.recipients.actions import (
    add_premises,
    count_stays,
    make_pairing_code,
    name_oneself,
    revoke_terminal,
    set_pin,
    want_pins,
)
from kliento.domain.recipients.models import Operator, Terminal
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.blanks import blank_card
from tests.world import REGISTER_HOLDER, Place

Visit = Callable[[Page], None]
PIN = "73952"


@dataclass(frozen=True)
class Door:
    """What leads to each of its pages, in this order, in a browser that is paired at this place already."""

    url: str
    place: Place
    owner: OperatorActor
    scans_without_a_network: Visit

    @property
    def pages(self) -> dict[str, Visit]:
        """By the page's name."""
        return {
            "claim code": self._gives_a_claim_code,
            "entry and exit": self._counts_stays,
            "what waits": self._lists_what_waits,
            "handed in at the door": self._hands_in,
            "choosing where it stands": self._stands_at_another_place,
            "keypad of its own": self._has_keys_without_a_network,
            "settings without a network": self._is_set_without_a_network,
            "locked": self._is_locked,
            "locked without a network": self._is_locked_without_a_network,
            "wrong PIN": self._gives_a_wrong_pin,
            "opened by its operator": self._opens_the_till,
            "disconnected, with what it handed in": self._is_disconnected,
        }

    def _gives_a_claim_code(self, page: Page) -> None:
        page.goto(f"{self.url}/counter/")
        page.keyboard.type(blank_card(at=now()))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Give a claim code").click()
        expect(page.get_by_role("heading", name="Claim code")).to_be_visible()

    def _counts_stays(self, page: Page) -> None:
        count_stays(self.place.premises_id, stays=True, by=REGISTER_HOLDER, at=now())
        page.goto(f"{self.url}/counter/")
        expect(page.get_by_role("button", name="Entry")).to_be_visible()

    def _lists_what_waits(self, page: Page) -> None:
        self.scans_without_a_network(page)
        page.get_by_role("link", name="Next").click()
        page.get_by_text("1 waiting").click()
        expect(page.locator("[data-waiting] li")).to_be_visible()

    def _hands_in(self, page: Page) -> None:
        page.context.set_offline(False)
        expect(page.get_by_text("Saved scans sent: 1.")).to_be_visible()

    def _stands_at_another_place(self, page: Page) -> None:
        name = f"Punavuori {new_id().hex[-4:]}"
        other = add_premises(self.place.third_party_id, name, by=REGISTER_HOLDER, at=now())
        page.goto(f"{self.url}/counter/pair")
        page.get_by_label("Pairing code").fill(make_pairing_code(other.id, by=REGISTER_HOLDER, at=now()))
        page.get_by_role("button", name="Connect").click()
        page.get_by_role("link", name="Another place").click()
        expect(page.get_by_role("heading", name="Where is this till?")).to_be_visible()

    def _is_locked(self, page: Page) -> None:
        set_pin(PIN, by=self.owner, at=now())
        hashed = Argon2PasswordHasher().encode(PIN, "of what is served")  # tests hash faster
        Operator.objects.filter(id=self.owner.operator_id).update(pin=hashed)
        name_oneself("Kaisa Kahvinen", by=self.owner)
        want_pins(wanted=True, by=self.owner, at=now())
        page.goto(f"{self.url}/counter/")
        page.locator(".till-duty summary").click()

    def _has_keys_without_a_network(self, page: Page) -> None:
        page.goto(f"{self.url}/counter/")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.get_by_role("link", name="Type a number").click()
        expect(page.get_by_role("heading", name="Type a card number")).to_be_visible()

    def _is_set_without_a_network(self, page: Page) -> None:
        page.get_by_role("link", name="Back to the till").click()
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_role("heading", name="Settings of this till")).to_be_visible()
        page.context.set_offline(False)

    def _is_locked_without_a_network(self, page: Page) -> None:
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.goto(f"{self.url}/counter/")
        expect(page.get_by_role("heading", name="This till is locked")).to_be_visible()

    def _gives_a_wrong_pin(self, page: Page) -> None:
        page.context.set_offline(False)
        expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
        page.get_by_label("PIN").fill("8000")
        page.get_by_role("button", name="Open the till").click()
        expect(page.get_by_role("alert")).to_contain_text("This is not your PIN.")

    def _opens_the_till(self, page: Page) -> None:
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Open the till").click()
        expect(page.get_by_role("button", name="Kaisa Kahvinen: end shift")).to_be_visible()

    def _is_disconnected(self, page: Page) -> None:
        page.wait_for_load_state("networkidle")
        self.scans_without_a_network(page)
        for terminal in Terminal.objects.filter(name="Till 1", revoked_at=None):
            revoke_terminal(terminal.id, by=REGISTER_HOLDER, at=now())
        page.context.set_offline(False)
        expect(page.get_by_text("Saved scans handed in: 1.")).to_be_visible()
