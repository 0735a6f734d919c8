"""The till with a scanner that types, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.recipients.actions import make_pairing_code
from kliento.kernel.clock import now
from tests import taps
from tests.serving import Served
from tests.world import REGISTER_HOLDER

SCANNED = 'code => [...code].forEach(sign => document.execCommand("insertText", false, sign))'  # at a scanner's speed


@pytest.fixture
def till(page: Page, kaisa, served: Served) -> Page:
    """A browser paired there, waiting."""
    return _paired(page, kaisa, served)


def _paired(page: Page, kaisa, served: Served) -> Page:
    page.goto(f"{served.url}/counter/")
    page.get_by_label("Pairing code").fill(make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now()))
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(page.get_by_text("Online")).to_be_visible()
    return page


def _type(page: Page, code: str) -> None:
    """As a scanner does: wherever the focus is, then Enter. How fast depends on the machine."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def _scan(page: Page, code: str) -> None:
    """Into the field, as fast as a scanner on any machine."""
    page.evaluate(SCANNED, code)
    page.keyboard.press("Enter")


def test_cards_are_scanned_one_after_the_other_without_a_hand_on_the_screen(till, kaisa):
    aino, eino = (taps.cardholder(f"{name}@example.fi", name.title(), at=now()) for name in ("aino", "eino"))
    for person in (aino, eino):
        taps.share(person, kaisa, "first_name", at=now())
    _type(till, taps.code_of(aino, at=now()).lower())
    expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    _scan(till, taps.code_of(eino, at=now()))
    expect(till.get_by_role("heading", name="Welcome, Eino")).to_be_visible()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible(timeout=8000)


def test_the_field_takes_the_focus_back(till):
    till.get_by_role("heading", name="Scan a card").click()
    expect(till.get_by_label("Card code")).to_be_focused()


def test_an_answer_fills_the_screen_with_its_colour(till):
    _type(till, "6412345678901")
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    colour = till.locator("#till").evaluate("element => getComputedStyle(element).backgroundColor")
    assert re.fullmatch(r"rgb\(179, 38, 30\)", colour)
    assert till.locator("#till").bounding_box()["width"] == till.viewport_size["width"]


def test_a_mistyped_number_is_replaced_by_the_next_scan(till, kaisa):
    aino = taps.aino(at=now())
    _type(till, "K1000 0000")
    expect(till.get_by_role("alert")).to_contain_text("a letter or digit is wrong")
    _scan(till, taps.code_of(aino, at=now()))
    expect(till.get_by_role("heading", name="Welcome")).to_be_visible()


def test_what_was_typed_by_mistake_is_replaced_by_the_next_scan_and_goes_on_by_hand(till, kaisa, served):
    aino = taps.aino(at=now())
    till.goto(f"{served.url}/counter/settings")
    till.get_by_role("radio", name="Until “Next” is pressed").check()
    till.get_by_role("button", name="Save").click()
    field = till.get_by_label("Card code")
    _type(till, "6412345678901")
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    till.keyboard.type("asdfK1ABCDEF", delay=120)
    expect(field).to_have_value("asdfK1ABCDEF")
    till.wait_for_timeout(2000)  # nobody is that fast
    _scan(till, taps.code_of(aino, at=now()))
    expect(till.get_by_role("heading", name="Welcome")).to_be_visible()
    expect(field).to_have_value("")


def test_a_mistyped_number_is_gone_with_the_next_screen(till, served):
    _type(till, "K1000 0000")
    expect(till.get_by_role("alert")).to_contain_text("a letter or digit is wrong")
    field = till.get_by_label("Card code")
    field.press("End")  # somebody was about to correct it
    till.get_by_role("link", name="Type a number").click()
    till.get_by_role("link", name="Back to the till").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()
    expect(field).to_have_value("")


def test_a_scanner_reaches_the_field_wherever_the_focus_is(till, kaisa):
    aino = taps.aino(at=now())
    _type(till, "6412345678901")
    till.get_by_role("link", name="Next").focus()
    _type(till, taps.code_of(aino, at=now()))
    expect(till.get_by_role("heading", name="Welcome")).to_be_visible()


def test_an_answer_stays_while_somebody_reaches_for_its_buttons(till):
    _type(till, "6412345678901")
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    till.mouse.move(300, 300)
    till.wait_for_timeout(5000)
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    till.get_by_role("link", name="Next").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()


def test_without_a_network_the_till_says_so_and_the_same_scan_again_is_answered(till, kaisa):
    code = taps.code_of(taps.aino(at=now()), at=now())  # the same one twice: the next slot's would be another scan
    till.wait_for_load_state("networkidle")
    till.context.set_offline(True)
    _type(till, code)
    expect(till.get_by_role("heading", name="Offline: saved, checked later")).to_be_visible()
    expect(till.locator(".till-bar")).to_contain_text("Offline")
    till.context.set_offline(False)
    expect(till.get_by_text("Saved scans sent: 1. Counted: 1.")).to_be_visible()
    _type(till, code)
    expect(till.get_by_role("heading", name="Already scanned")).to_be_visible()
    expect(till.locator(".till-bar")).to_contain_text("Online")


def test_a_till_that_never_learnt_its_keys_saves_nothing_and_says_so(page, kaisa, served):
    page.route("**/counter/state", lambda route: route.abort())
    till = _paired(page, kaisa, served)
    till.wait_for_load_state("networkidle")
    till.context.set_offline(True)
    _type(till, taps.code_of(taps.aino(at=now()), at=now()))
    expect(till.get_by_role("heading", name="No connection")).to_be_visible()


def test_each_answer_has_its_sound_until_sounds_are_turned_off(page, kaisa, served):
    page.add_init_script("""window.heard = [];
        window.OscillatorNode = class extends OscillatorNode {
            constructor(context, options) { super(context, options); heard.push(options.frequency); }
        }; navigator.vibrate = (pattern) => heard.push(pattern);""")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    till = _paired(page, kaisa, served)
    aino = taps.aino(at=now())
    code = taps.code_of(aino, at=now())
    for typed, title in [(code, "Welcome"), ("6412345678901", "Not a Kliento code"), (code, "Already scanned")]:
        _type(till, typed)
        expect(till.get_by_role("heading", name=title)).to_be_visible()
    assert till.evaluate("heard") == [880, 1320, 60, 196, [200, 80, 200], 523, 523, [80, 80, 80]]

    till.get_by_role("link", name="Next").click()
    till.get_by_role("button", name="Turn sounds off").click()
    expect(till.get_by_role("button", name="Turn sounds on")).to_be_visible()
    till.reload()
    _type(till, "6412345678902")
    expect(till.get_by_role("heading", name="Not a Kliento code")).to_be_visible()
    assert till.evaluate("heard") == []
    assert errors == []


def test_without_scripts_the_till_works_by_its_forms_and_links(browser, kaisa, served):
    context = browser.new_context(java_script_enabled=False)
    till = _paired(context.new_page(), kaisa, served)
    aino = taps.aino(at=now())
    expect(till.get_by_role("button", name="Start the camera")).to_be_hidden()
    till.get_by_label("Card code").fill(taps.code_of(aino, at=now()))
    till.get_by_role("button", name="Check").click()
    expect(till.get_by_role("heading", name="Welcome")).to_be_visible()
    till.get_by_role("link", name="Next").click()
    till.get_by_role("button", name="Turn sounds off").click()
    expect(till.get_by_role("button", name="Turn sounds on")).to_be_visible()
    context.close()
