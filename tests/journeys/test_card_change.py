"""A card is lost, changed and found; a travel card becomes one on its holder's request, read by a reader that types.

The pictures stay in out/card-change/.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import programmes, taps
from tests.album import Album
from tests.blanks import blank_card, claimed
from tests.databases import Databases
from tests.phone import cookie_for
from tests.serving import Served
from tests.walking import paired
from tests.world import Place, kahvila_kaisa, kuntosali_kunto

A_DAY_AGO = timedelta(days=1)
TRAVEL_CARD = "04c23b5c6d7e81"


@pytest.fixture
def kaisa(db: Databases) -> Place:
    """A café that gives a coffee for three visits."""
    at = now() - A_DAY_AGO
    place = kahvila_kaisa(at=at)
    programmes.offered(place, needed=3, at=at)
    return place


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    """She shares her first name with the café, and with nobody else."""
    at = now() - A_DAY_AGO
    person = taps.cardholder(at=at)
    taps.share(person, kaisa, "first_name", at=at)
    return person


@pytest.fixture
def tills(browser: Browser, served: Served, kaisa: Place) -> Iterator[list[Page]]:
    """One at the café, one at a gym in another part of the town."""
    gym = kuntosali_kunto(at=now() - A_DAY_AGO)
    contexts = [browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB") for _each in range(2)]
    yield [paired(context.new_page(), served, place) for context, place in zip(contexts, (kaisa, gym), strict=True)]
    for context in contexts:
        context.close()


@pytest.fixture
def anywhere(browser: Browser, served: Served, aino: PersonActor) -> Iterator[Page]:
    """Somebody else's computer: a browser in which she has just signed in, without scripts."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", java_script_enabled=False, service_workers="block"
    )
    context.add_cookies([{**cookie_for(aino), "url": served.url}])
    yield context.new_page()
    context.close()


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(f"card-change/{request.node.originalname[5:30]}")


def test_a_lost_card_is_refused_everywhere_and_a_new_one_takes_its_place(
    tills: list[Page], anywhere: Page, served: Served, kaisa: Place, aino: PersonActor, album: Album
) -> None:
    at = now() - A_DAY_AGO
    lost, new = blank_card(at=at), blank_card(at=at)
    claimed(lost, kaisa, aino, at=at)
    anywhere.goto(f"{served.url}/me/lost")
    anywhere.get_by_role("button", name="Block my card").click()
    expect(anywhere.get_by_text("no till with a network takes it").first).to_be_visible()
    expect(anywhere.get_by_role("button", name="Block my card")).to_have_count(0)
    album.take(anywhere, "blocked")
    for till in tills:
        assert _shown(till, lost) == "Not accepted"

    code = _claim_code(tills[1], new)  # a new card, got at the gym
    anywhere.goto(f"{served.url}/me/claim")
    anywhere.get_by_label("Claim code").fill(code)
    anywhere.get_by_role("button", name="See what it brings").click()
    album.take(anywhere, "brings")
    anywhere.get_by_role("button", name="Add the card").click()
    expect(anywhere.get_by_text("The card is yours")).to_be_visible()
    assert _shown(tills[0], new) == "Welcome, Aino"
    expect(tills[0].get_by_text("2 of 3 stamps", exact=True)).to_be_visible()

    anywhere.goto(f"{served.url}/me/lost")
    album.take(anywhere, "new-in-use")
    anywhere.get_by_role("button", name=re.compile("Found.*Printed card")).click()
    expect(anywhere.get_by_text("It works again.")).to_be_visible()
    assert _shown(tills[0], lost) == "Welcome, Aino"
    expect(tills[0].get_by_text("2 of 3 stamps", exact=True)).to_be_visible()


def test_a_card_is_changed_while_its_holder_stands_there_and_the_visit_counts_once(
    tills: list[Page], anywhere: Page, served: Served, kaisa: Place, aino: PersonActor, album: Album
) -> None:
    at = now() - A_DAY_AGO
    old, new = blank_card(at=at), blank_card(at=at)
    claimed(old, kaisa, aino, at=at)
    assert _shown(tills[0], old) == "Welcome, Aino"
    code = _claim_code(tills[0], new)
    anywhere.goto(f"{served.url}/me/claim")
    anywhere.get_by_label("Claim code").fill(code)
    anywhere.get_by_role("button", name="See what it brings").click()
    anywhere.get_by_label("Instead of: Printed card").check()
    album.take(anywhere, "instead")
    anywhere.get_by_role("button", name="Add the card").click()
    expect(anywhere.get_by_text("It took the place of another card.")).to_be_visible()
    album.take(anywhere, "changed")
    assert _shown(tills[0], old) == "Not accepted"
    assert _shown(tills[0], new) == "Welcome, Aino"
    expect(tills[0].get_by_text("2 of 3 stamps", exact=True)).to_be_visible()
    anywhere.goto(f"{served.url}/me/activity")
    expect(anywhere.get_by_text("You changed your card: this one instead of the old one")).to_be_visible()
    anywhere.goto(f"{served.url}/me/claims")
    anywhere.get_by_role("button", name="Undo").first.click()
    assert _shown(tills[1], old) == "Welcome"
    assert _shown(tills[1], new) == "Card without an account"


def test_a_travel_card_is_a_card_only_when_its_holder_asks(
    tills: list[Page], anywhere: Page, served: Served, album: Album
) -> None:
    till = tills[0]
    assert _shown(till, TRAVEL_CARD) == "Not a Kliento code"
    album.take(till, "unknown")
    assert _shown(till, TRAVEL_CARD) == "Not a Kliento code"
    till.get_by_role("button", name="The customer asks: use this card").click()
    expect(till.get_by_role("heading", name="Card without an account")).to_be_visible()
    album.take(till, "used")
    code = _given(till)
    anywhere.goto(f"{served.url}/me/claim")
    anywhere.get_by_label("Claim code").fill(code)
    anywhere.get_by_role("button", name="See what it brings").click()
    expect(anywhere.get_by_text("Travel card", exact=True)).to_be_visible()
    anywhere.get_by_label("Instead of: Card number").check()
    anywhere.get_by_role("button", name="Add the card").click()
    expect(anywhere.get_by_role("heading", name="Travel card")).to_be_visible()
    for spelling in (TRAVEL_CARD, "04:C2:3B:5C:6D:7E:81"):  # as two readers type it
        assert _shown(till, spelling) == "Welcome, Aino"
    expect(till.get_by_text("1 of 3 stamps", exact=True)).to_be_visible()
    anywhere.goto(f"{served.url}/me/carriers")
    album.take(anywhere, "carriers")


def _shown(till: Page, number: str) -> str:
    """What the till says when a reader that types has read this."""
    if till.get_by_role("button", name="Next").or_(till.get_by_role("link", name="Next")).count():
        till.get_by_role("link", name="Next").click()
        expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(till.get_by_role("textbox", name="Card code")).to_be_focused()
    till.keyboard.type(number)
    till.keyboard.press("Enter")
    expect(till.get_by_role("link", name="Next")).to_be_visible()
    return till.get_by_role("heading", level=1).inner_text()


def _claim_code(till: Page, number: str) -> str:
    assert _shown(till, number) == "Card without an account"
    return _given(till)


def _given(till: Page) -> str:
    till.get_by_role("button", name="Give a claim code").click()
    expect(till.get_by_role("heading", name="Claim code")).to_be_visible()
    code = till.locator(".till-line").inner_text()
    till.get_by_role("link", name="Next").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()
    return code
