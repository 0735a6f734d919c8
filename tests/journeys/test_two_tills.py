"""One reward, two tills: both offer it, both are pressed in the same moment, and one of them hands it over."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from kliento.domain.cards.queries import card_number
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import taps
from tests.album import Album
from tests.databases import Databases
from tests.programmes import collects, movements, offered, takes
from tests.serving import Served
from tests.walking import paired
from tests.world import Place, kahvila_kaisa

_UNTIL_BOTH_WAIT = 0.5  # seconds
_PRESSED_AT = """(button, at) => void setTimeout(() => button.click(), at - Date.now())"""


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    """Aino, one stamp short of a coffee."""
    since = now() - timedelta(days=1)
    person = takes(taps.cardholder(at=since), offered(kaisa, needed=3, at=since), at=since)
    collects(person, kaisa, 2, since=since)
    return person


@pytest.fixture
def tills(browser: Browser, served: Served, kaisa: Place) -> Iterator[list[Page]]:
    """Two terminals of the café, each in a browser of its own."""
    with ExitStack() as stack:
        contexts = [browser.new_context(viewport={"width": 1024, "height": 768}, locale="en-GB") for _ in range(2)]
        for context in contexts:
            stack.callback(context.close)
        yield [paired(context.new_page(), served, kaisa) for context in contexts]


@pytest.mark.both_engines
def test_of_two_tills_pressed_in_the_same_moment_one_hands_the_reward_over(
    tills: list[Page], aino: PersonActor
) -> None:
    for till in tills:
        till.keyboard.type(card_number(aino))
        till.keyboard.press("Enter")
        expect(till.get_by_text("Reward ready · 3 stamps", exact=True)).to_be_visible()

    at = 1000 * (time.time() + _UNTIL_BOTH_WAIT)
    for till in tills:
        till.get_by_role("button", name="A coffee: redeem").evaluate(_PRESSED_AT, at)
    titles = [_answer(till) for till in tills]

    album = Album("two-tills")
    for till, title in zip(tills, titles, strict=True):
        album.take(till, title.partition(":")[0].lower().replace(" ", "-"))
    assert sorted(titles) == ["Not enough stamps", "Redeemed: A coffee"]
    late = tills[titles.index("Not enough stamps")]
    expect(late.get_by_text("The reward may have been redeemed at another till.", exact=True)).to_be_visible()
    expect(late.get_by_role("button", name="redeem")).to_have_count(0)
    assert [kind for kind, _, _ in movements(aino)].count("redeemed") == 1
    assert movements(aino)[-1] == ("redeemed", -3, 0)


def _answer(till: Page) -> str:
    """The title of what the till shows after the button was pressed."""
    expect(till.get_by_role("button", name="A coffee: redeem")).to_have_count(0)
    return till.get_by_role("heading", level=1).inner_text()
