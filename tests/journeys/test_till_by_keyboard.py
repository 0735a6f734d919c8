"""A day at a till without a mouse: open it, say where it stands and which way people go, find a card, undo."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import add_premises, count_stays, make_pairing_code, set_pin, want_pins
from kliento.domain.recipients.models import Operator
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.album import Album
from tests.databases import Databases
from tests.portal import operator
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa

PIN, FAR = "73952", 60
FOCUSED = """() => {
    const { activeElement: at } = document;
    if (at === document.body) return { name: "", seen: true };
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    const seen = at.type === "radio" || outlineStyle !== "none" || boxShadow !== "none";
    const name = at.labels?.[0]?.innerText ?? at.innerText;
    return { name: name.trim().replace(/\\s+/g, " "), seen };
}"""


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now())


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    person = taps.aino(at=now())
    taps.share(person, kaisa, "first_name", at=now())
    return person


def _to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press Tab until the focus is there; it can be seen all the way."""
    for _ in range(FAR):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        assert focused["seen"], focused
        if focused["name"].startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached")


def _press(page: Page, name: str, *, key: str = "Tab") -> None:
    _to(page, name, key=key)
    page.keyboard.press("Enter")


def test_everything_at_the_till_is_done_with_the_keyboard(
    page: Page, served: Served, kaisa: Place, aino: PersonActor
) -> None:
    owner = operator(kaisa)
    set_pin(PIN, by=owner, at=now())
    hashed = Argon2PasswordHasher().encode(PIN, "of what is served")  # tests hash faster
    Operator.objects.filter(id=owner.operator_id).update(pin=hashed)
    want_pins(wanted=True, by=owner, at=now())
    other = add_premises(kaisa.third_party_id, "Punavuori", by=REGISTER_HOLDER, at=now())
    for place in (other.id, kaisa.premises_id):
        page.goto(f"{served.url}/counter/pair")
        _to(page, "Pairing code")
        page.keyboard.type(make_pairing_code(place, by=REGISTER_HOLDER, at=now()))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Open the till")).to_be_visible()
    count_stays(kaisa.premises_id, stays=True, by=REGISTER_HOLDER, at=now())

    _to(page, "PIN")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    for place in ("Punavuori", "Kallio"):
        _press(page, "Another place")
        expect(page.get_by_role("heading", name="Where is this till?")).to_be_visible()
        _press(page, place)
        expect(page.get_by_text(f"{place} · Till 1")).to_be_visible()
    _press(page, "Entry")
    expect(page.get_by_role("button", name="Entry", pressed=True)).to_be_visible()

    _press(page, "Type a number")
    expect(page.get_by_label("Card code")).to_be_focused()
    page.keyboard.type(card_number(aino).removeprefix("K1").lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    Album("till-by-keyboard").take(page, "found-by-its-number")
    expect(page.get_by_label("Card code")).to_be_focused()
    _press(page, "Next", key="Shift+Tab")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    _press(page, "Undo the scan of")
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    assert Visit.objects.get().cancelled_at is not None

    _press(page, "Next", key="Shift+Tab")
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    _press(page, "Type a number")
    expect(page.get_by_label("Card code")).to_be_focused()
    page.keyboard.type(card_number(aino))  # a scanner types all of it
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
