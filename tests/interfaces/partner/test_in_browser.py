"""The portal in a real browser: no axe violation, nothing sideways at 320 px, large targets, no script needed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from kliento.interfaces.signin.sessions import cookie_of
from tests.office import Office, office
from tests.portal import portal_of
from tests.serving import Served
from tests.web.test_accessibility import SMALL_TARGETS


@pytest.fixture
def kaisa(db) -> Office:
    return office()


def addresses(kaisa: Office) -> list[str]:
    member = f"members/{kaisa.number}"
    listed = ["today", "visits", "members", member, f"{member}/asking", "questions", "questions/new", "notices"]
    return [
        *listed,
        f"questions/{kaisa.question_id}",
        "programme",
        "programme/change",
        "visits?from=2026-01-01&to=2026-01-02",
    ]


@contextmanager
def screen(browser: Browser, served: Served, kaisa: Office, **options: Any) -> Iterator[Page]:
    """A page of a browser in which the owner is signed in."""
    context = browser.new_context(service_workers="block", **options)
    name = cookie_of("partner")
    context.add_cookies([{"name": name, "value": portal_of(kaisa.owner).cookies[name].value, "url": served.url}])
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_no_violation(browser: Browser, served: Served, kaisa: Office, scheme: str, width: int) -> None:
    found = {}
    with screen(browser, served, kaisa, color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        for address in addresses(kaisa):
            page.goto(f"{served.url}/partner/{address}")
            page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
            violations = Axe().run(page).response["violations"]
            if violations:
                found[address] = [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]

    assert found == {}


def test_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    browser: Browser, served: Served, kaisa: Office
) -> None:
    wide, small = {}, {}
    with screen(browser, served, kaisa, viewport={"width": 320, "height": 640}) as page:
        for address in addresses(kaisa):
            page.goto(f"{served.url}/partner/{address}")
            page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide[address] = page.evaluate("document.documentElement.scrollWidth")
            if targets := page.evaluate(SMALL_TARGETS):
                small[address] = targets

    assert wide == {}
    assert small == {}


def test_a_month_is_chosen_and_a_notice_answered_without_javascript(
    browser: Browser, served: Served, kaisa: Office
) -> None:
    with screen(browser, served, kaisa, java_script_enabled=False) as page:
        page.goto(f"{served.url}/partner/visits")
        page.get_by_role("link", name="Last month").click()
        page.get_by_text("No visits in these days.").wait_for()
        page.goto(f"{served.url}/partner/notices")
        page.get_by_role("button", name=re.compile("Deleted.*Town")).click()
        page.get_by_role("button", name=re.compile("Undo.*Town")).click()
        page.get_by_role("button", name=re.compile("Deleted.*Town")).wait_for()


def test_two_quick_clicks_answer_for_one_member_only(browser: Browser, served: Served, kaisa: Office) -> None:
    with screen(browser, served, kaisa) as page:
        page.goto(f"{served.url}/partner/notices")
        button = page.get_by_role("button", name=re.compile("Deleted.*Town"))
        box = button.bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(*middle)
        undo = page.get_by_role("button", name=re.compile("Undo.*Town"))
        undo.wait_for()
        page.mouse.click(*middle)
        undo.wait_for()
