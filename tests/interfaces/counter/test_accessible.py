"""Every page of the counter: no axe violation in light and dark on a phone and a desk, nothing lost at 320 px."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.questions.actions import make_question
from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests import taps
from tests.album import Album
from tests.interfaces.counter.doors import Door
from tests.looking import DESK_DARK, DESK_LIGHT, PHONE_DARK, PHONE_LIGHT, View, faults_of, violations_on
from tests.portal import operator
from tests.programmes import coffee_card, takes
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

Visit = Callable[[Page], None]


@pytest.fixture
def pages(served: Served, kaisa: Place) -> dict[str, Visit]:
    """What leads to each page, by its name; in this order, in one browser."""
    aino = taps.aino(at=now())
    taps.share(aino, kaisa, "first_name", at=now())
    owner = operator(kaisa)
    takes(aino, coffee_card(owner, needed=1, at=now()), at=now())
    wanted = {"purpose": "serving", "needed": ["phone"], "optional": ["first_name"], "grant_days": 90}
    question = make_question(owner, **wanted, reason="So that we can call when your order is ready.", at=now())
    make_question(owner, **wanted, reason="So that we can tell you about the delivery.", at=now())

    def opens(path: str) -> Visit:
        return lambda page: void(page.goto(f"{served.url}/counter/{path}"))

    def types(code: Callable[[], str]) -> Visit:
        def visit(page: Page) -> None:
            page.goto(f"{served.url}/counter/")
            page.keyboard.type(code())
            page.keyboard.press("Enter")
            expect(page.locator("#till[data-state], [role=alert]")).to_be_visible()

        return visit

    def pairs(page: Page) -> None:
        page.goto(f"{served.url}/counter/")
        code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now())
        page.get_by_label("Pairing code").fill(code)
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()

    def presses(button: str, title: str) -> Visit:
        def visit(page: Page) -> None:
            page.get_by_role("button", name=button).first.click()
            expect(page.get_by_role("heading", name=title)).to_be_visible()

        return visit

    def opens_the_questions(page: Page) -> None:
        types(lambda: card_number(aino))(page)
        page.get_by_text("Ask", exact=True).click()
        expect(page.get_by_text(question.reason)).to_be_visible()

    def refuses_the_camera(page: Page) -> None:
        page.goto(f"{served.url}/counter/")
        page.get_by_role("button", name="Start the camera").click()
        expect(page.get_by_text("No camera was found")).to_be_visible()

    def scans_without_a_network(page: Page) -> None:
        page.goto(f"{served.url}/counter/")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.keyboard.insert_text(card_number(aino))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Offline: saved, checked later")).to_be_visible()

    def waits_without_a_network(page: Page) -> None:
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()

    def hands_in(page: Page) -> None:
        page.context.set_offline(False)
        expect(page.get_by_text("Saved scans sent: 1.")).to_be_visible()

    return {
        "pairing": opens("pair"),
        "disconnected": opens("pair?disconnected"),
        "waiting": pairs,
        "without a camera": refuses_the_camera,
        "welcome with a reward": types(lambda: card_number(aino)),
        "redeemed": presses("A coffee: redeem", "Redeemed: A coffee"),
        "waiting, with an undo": opens(""),
        "undone": presses("Undo: A coffee", "Undone: A coffee"),
        "questions": opens_the_questions,
        "asked": presses("Phone number", "Asked"),
        "showing a question": opens(f"questions/{question.id}"),
        "choosing a question": opens("questions"),
        "unknown": types(lambda: "6412345678901"),
        "expired": types(lambda: taps.code_of(aino, at=now().replace(year=2025))),
        "mistyped": types(lambda: "K1000 0000"),
        "settings": opens("settings"),
        "saved without a network": scans_without_a_network,
        "waiting without a network": waits_without_a_network,
        "handed in": hands_in,
        "typing a number": opens("keypad"),
        **Door(served.url, kaisa, owner, scans_without_a_network).pages,
    }


def void(_: object) -> None:
    """Forget an answer."""


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own."""
    contexts = []

    def open_page(width: int, height: int, scheme: str = "light") -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.long
def test_axe_finds_no_violation_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    opened: Callable[..., Page], pages: dict[str, Visit]
) -> None:
    found = {}
    page = opened(390, 844)
    albums = {PHONE_LIGHT: Album("counter-phone-light"), DESK_DARK: Album("counter-desk-dark")}
    for name, visit in pages.items():

        def picture(view: View, name: str = name) -> None:
            if view in albums:
                albums[view].take(page, name.replace(" ", "-"))

        visit(page)
        if faults := faults_of(page, PHONE_LIGHT, PHONE_DARK, DESK_LIGHT, DESK_DARK, seen=picture):
            found[name] = faults

    assert found == {}


@pytest.mark.long
def test_in_finnish_and_large_type_axe_finds_no_violation_and_nothing_scrolls_sideways(
    opened: Callable[..., Page], pages: dict[str, Visit], served: Served
) -> None:
    page = opened(390, 844, "dark")
    for name in ("waiting", "entry and exit", "choosing where it stands"):
        pages[name](page)
    page.goto(f"{served.url}/counter/settings")
    page.get_by_role("radio", name="Large").check()
    page.get_by_role("button", name="Save").click()
    page.context.add_cookies([{"name": "django_language", "value": "fi", "url": served.url}])
    album = Album("counter-finnish")
    for lock in (False, True):
        if lock:
            pages["locked"](page)
        for path in ("", "settings", "places", "keypad", "pair?disconnected", "questions"):
            page.goto(f"{served.url}/counter/{path}")
            page.wait_for_load_state("networkidle")
            album.take(page, f"{path.partition('?')[0] or 'till'}{'-locked' * lock}")
            assert page.locator("html").get_attribute("lang") == "fi"
            assert violations_on(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
