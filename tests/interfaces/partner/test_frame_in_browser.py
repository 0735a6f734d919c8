"""The portal's frame, places, team and door in a real browser: no axe violation, nothing sideways, large targets."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from kliento.domain.recipients.actions import flag_premises
from kliento.domain.recipients.models import ThirdParty
from kliento.interfaces.signin.sessions import cookie_of
from tests.looking import DESK_DARK, PHONE_LIGHT, faults_of, violations_on
from tests.portal import portal_of
from tests.serving import Served
from tests.tenants import First, first
from tests.world import REGISTER_HOLDER


@pytest.fixture
def kaisa(db) -> First:
    made = first()
    flag_premises(made.office.place.premises_id, "health", by=REGISTER_HOLDER)
    return made


def opened(browser: Browser, served: Served, client: Client | None, **options: Any) -> Page:
    """A page of a browser that holds this client's sign-in."""
    context = browser.new_context(service_workers="block", **options)
    if client is not None:
        name = cookie_of("partner")
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": served.url}])
    return context.new_page()


def addresses(kaisa: First) -> list[str]:
    place, who = kaisa.ids["premises_id"], kaisa.ids["operator_id"]
    places = ["premises", "premises/new", f"premises/{place}/name", f"premises/{place}/pairing", "terminals"]
    team = ["team", "team/invitation", f"team/{who}/role", f"team/{who}/end", "name", "audit", "companies"]
    portal = [f"/partner/{each}" for each in [*places, *team, "account/closing"]]
    return [*portal, "/sign-in/partner/security/", f"/sign-in/partner/join/{kaisa.ids['token']}"]


def test_axe_finds_no_violation_nothing_scrolls_sideways_at_320_px_and_targets_are_large(
    browser: Browser, served: Served, kaisa: First
) -> None:
    found = {}
    page = opened(browser, served, portal_of(kaisa.office.owner))
    for address in addresses(kaisa):
        page.goto(f"{served.url}{address}")
        if faults := faults_of(page, PHONE_LIGHT, DESK_DARK):
            found[address] = faults
    page.context.close()

    assert found == {}


def test_the_door_has_no_violation_either(browser: Browser, served: Served, kaisa: First) -> None:
    page = opened(browser, served, None, viewport={"width": 390, "height": 844})
    for address in ("", f"join/{kaisa.ids['token']}", "join/nonsense"):
        page.goto(f"{served.url}/sign-in/partner/{address}")
        assert violations_on(page) == [], address
    page.context.close()


def test_a_pairing_code_is_shown_once_and_makes_a_till(browser: Browser, served: Served, kaisa: First) -> None:
    page = opened(browser, served, portal_of(kaisa.office.owner), viewport={"width": 1280, "height": 800})
    page.goto(f"{served.url}/partner/premises/{kaisa.ids['premises_id']}/pairing")
    page.get_by_role("button", name="Make a pairing code").click()
    code = page.locator(".code-panel-code").inner_text()
    page.goto(f"{served.url}/counter/pair")
    page.get_by_label("Pairing code").fill(code)
    page.get_by_role("button", name="Connect").click()
    page.goto(f"{served.url}/partner/terminals")
    assert page.get_by_role("link", name="Disconnect").count() == 2
    page.goto(f"{served.url}/partner/premises/{kaisa.ids['premises_id']}/pairing")
    assert code not in page.content()
    page.context.close()


def test_a_long_name_breaks_neither_the_menu_nor_a_time(browser: Browser, served: Served, kaisa: First) -> None:
    third_party = ThirdParty.objects.filter(id=kaisa.office.place.third_party_id)
    third_party.update(name="Kahvila Kaisan Paahtimo ja Leipomomyymälä Helsinki Oy")
    page = opened(browser, served, portal_of(kaisa.office.owner), viewport={"width": 320, "height": 640}, locale="fi")
    page.goto(f"{served.url}/partner/visits")

    lines = """of => { const range = document.createRange(); range.selectNodeContents(of);
        return new Set([...range.getClientRects()].map(each => Math.round(each.top))).size }"""
    word = page.locator(".portal-menu summary").evaluate(
        f"summary => ({lines})([...summary.childNodes].find(node => node.textContent.trim() === 'Valikko'))"
    )
    time = page.locator(".table time").first
    room = time.evaluate(
        "time => time.closest('td').getBoundingClientRect().right - time.getBoundingClientRect().right"
    )
    page.context.close()

    assert word == 1
    assert room >= 0
