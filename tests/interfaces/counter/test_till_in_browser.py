"""The till with a scanner that types, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests import taps
from tests.serving import Served
from tests.world import REGISTER_HOLDER, kahvila_kaisa


@pytest.fixture
def kaisa(db):
    """Kahvila Kaisa."""
    return kahvila_kaisa(at=now())


@pytest.fixture
def till(page: Page, kaisa, served: Served) -> Page:
    """A browser paired there, waiting."""
    page.goto(f"{served.url}/counter/")
    page.get_by_label("Pairing code").fill(make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now()))
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    return page


def _type(page: Page, code: str) -> None:
    """As a scanner does: wherever the focus is, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_cards_are_scanned_one_after_the_other_without_a_hand_on_the_screen(till, kaisa):
    aino, eino = (taps.cardholder(f"{name}@example.fi", name.title(), at=now()) for name in ("aino", "eino"))
    for person in (aino, eino):
        taps.share(person, kaisa, "first_name", at=now())
    _type(till, taps.code_of(aino, at=now()).lower())
    expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    _type(till, taps.code_of(eino, at=now()))
    expect(till.get_by_role("heading", name="Welcome, Eino")).to_be_visible()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible(timeout=8000)


def test_the_field_takes_the_focus_back(till):
    till.get_by_role("heading", name="Scan a card").click()
    expect(till.get_by_label("Card code")).to_be_focused()


def test_an_answer_fills_the_screen_with_its_colour(till):
    _type(till, "6412345678901")
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    colour = till.locator(".till-answer").evaluate("element => getComputedStyle(element).backgroundColor")
    assert re.fullmatch(r"rgb\(179, 38, 30\)", colour)
    assert till.locator(".till-answer").bounding_box()["width"] == till.viewport_size["width"]
