"""The demo, as a stranger goes through it. With KLIENTO_PICTURE set it also takes the README's picture."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from kliento.domain.policy.queries import has_demo_data
from kliento.domain.programmes.queries import open_programmes
from kliento.domain.questions.queries import open_questions
from kliento.domain.recipients.queries import third_party_by_name
from kliento.interfaces.demo.management.commands.demo import spoken_in
from tests import world
from tests.databases import Databases
from tests.loaded import Loaded
from tests.looking import PHONE_DARK, PHONE_LIGHT, faults_of
from tests.serving import Served, serving


@pytest.fixture
def town(db: Databases) -> Databases:
    """Filled by the command itself, so that passwords are hashed as the serving process expects them.

    Only on a picture is it lively.
    """
    others = 24 if "KLIENTO_PICTURE" in os.environ else 2
    kliento = Path(sys.executable).with_name("kliento")
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    run = subprocess.run(
        [kliento, "demo", "--others", str(others)],
        env=environment | db.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{others + 1} people and 4 shops live here now" in run.stdout
    return db


@pytest.fixture
def served(town: Databases, loaded: Loaded) -> Iterator[Served]:
    with serving(town, loaded) as product:
        yield product


def test_axe_finds_no_violation_in_the_town(browser: Browser, served: Served) -> None:
    page = browser.new_page(service_workers="block")
    found = {}
    for address in ("/demo/", "/demo/phone", "/demo/mail"):
        page.goto(served.url + address)
        if faults := faults_of(page, PHONE_LIGHT, PHONE_DARK):
            found[address] = faults
    page.close()

    assert found == {}


def test_a_narrow_page_stays_at_its_top_with_a_till_that_is_connected(browser: Browser, served: Served) -> None:
    context = browser.new_context(service_workers="block", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served.url + "/demo/")
    page.get_by_role("button", name="Connect the till").click()
    till = page.frame_locator("iframe[name=till]")
    expect(till.get_by_label("Card code")).to_be_visible()
    page.goto(served.url + "/demo/")
    expect(till.get_by_label("Card code")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("scrollY") == 0
    assert till.locator("[data-scanner]").get_attribute("autofocus") is None
    page.goto(served.url + "/counter/")  # on a page of its own it waits for a scanner that types
    assert page.locator("[data-scanner]").get_attribute("autofocus") is not None
    context.close()


def test_a_stranger_scans_asks_stops_and_sees_it_all(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 1660})
    page.goto(f"{served.url}/demo/")
    phone, till = page.frame_locator("iframe[name=phone]"), page.frame_locator("iframe[name=till]")
    office = page.frame_locator("iframe[name=office]")

    page.get_by_role("button", name="Take Aino’s phone").click()
    expect(phone.locator(".qr-picture")).to_be_visible()
    page.get_by_role("button", name="Connect the till").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()
    page.get_by_role("button", name="Open the office").click()
    expect(office.get_by_role("link", name="Members")).to_be_visible()

    page.get_by_role("button", name="Ask for the birth date").click()
    expect(page.locator("[data-demo-note]")).to_contain_text("First scan the card")

    page.get_by_role("button", name="Scan the phone").click()
    expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    expect(till.locator(".till-line", has_text="of 10 stamps")).to_be_visible()
    expect(office.get_by_text("Kauramaito")).to_be_visible()
    page.get_by_role("button", name="Ask for the birth date").click()
    expect(page.locator("[data-demo-answer]")).to_contain_text("403")
    expect(page.locator("[data-demo-answer]")).not_to_contain_text("1990")
    if picture := os.environ.get("KLIENTO_PICTURE"):
        page.screenshot(path=picture)

    page.get_by_role("link", name="See it on the phone").click()
    newest = phone.locator(".row")
    expect(newest.nth(0)).to_contain_text("Refused")
    expect(newest.nth(0)).to_contain_text("Birth date")
    page.get_by_role("link", name="What Kahvila Kaisa sees").click()
    phone.get_by_role("button", name="Stop sharing everything").click()
    expect(office.get_by_text("Kauramaito")).to_have_count(0)


def test_the_town_writes_in_the_language_it_is_asked_for(db: Databases) -> None:
    call_command("demo", "--language", "fi", "--others", "1")
    cafe = third_party_by_name("Kahvila Kaisa")
    assert (cafe.language, cafe.arrangement.partition(" ")[0]) == ("fi", "Kumpikin")
    assert [question.reason for question in open_questions(cafe.id)] == [
        "jotta osaamme tervehtiä ja muistamme tilauksesi"
    ]
    assert "Ilmainen kahvi" in [programme.terms.reward for programme in open_programmes()]


@pytest.mark.parametrize(
    ("session", "language"),
    [("fi_FI.UTF-8", "fi"), ("sv", "sv"), ("fil_PH.UTF-8", "en"), ("svc@x", "en"), ("C.UTF-8", "en"), ("", "en")],
)
def test_the_town_speaks_the_language_of_the_session_where_it_can(session: str, language: str) -> None:
    assert spoken_in({"LANG": session}) == language
    assert spoken_in({"LANG": "fr_FR", "LC_ALL": session or "en"}) == language


def test_the_town_is_only_for_an_empty_database(db: Databases) -> None:
    world.aino()
    with pytest.raises(CommandError, match="not empty") as refused:
        call_command("demo")
    assert refused.value.returncode == 2
    call_command("demo", "--if-empty")
    assert not has_demo_data()


def test_there_is_no_town_in_production(db: Databases, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
