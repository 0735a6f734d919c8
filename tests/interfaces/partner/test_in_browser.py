"""The portal in a real browser: no axe violation, nothing sideways at 320 px, large targets, no script needed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kliento.interfaces.signin.sessions import cookie_of
from tests.looking import DESK_DARK, PHONE_LIGHT, faults_of
from tests.office import Office, office
from tests.portal import portal_of
from tests.serving import Served


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


def test_axe_finds_no_violation_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    browser: Browser, served: Served, kaisa: Office
) -> None:
    found = {}
    with screen(browser, served, kaisa) as page:
        for address in addresses(kaisa):
            page.goto(f"{served.url}/partner/{address}")
            page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
            if faults := faults_of(page, PHONE_LIGHT, DESK_DARK):
                found[address] = faults

    assert found == {}


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
