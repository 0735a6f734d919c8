"""The demo, as a stranger goes through it. With KLIENTO_PICTURE set it also takes the README's picture."""

import os
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kliento.domain.policy.queries import has_demo_data
from kliento.domain.recipients.queries import approved_third_parties
from tests.databases import Databases
from tests.serving import Served, serving


@pytest.fixture
def town(db: Databases, capsys: pytest.CaptureFixture[str]) -> Databases:
    call_command("demo")
    assert "25 people and 3 shops live here now" in capsys.readouterr().out
    return db


@pytest.fixture
def served(town: Databases) -> Iterator[Served]:
    with serving(town) as product:
        yield product


def test_a_stranger_scans_asks_and_sees_both(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 1560})
    page.goto(f"{served.url}/demo/")
    phone, till = page.frame_locator("iframe[name=phone]"), page.frame_locator("iframe[name=till]")
    activity = page.frame_locator("iframe[name=activity]")

    page.get_by_role("button", name="Take Aino’s phone").click()
    expect(phone.locator(".qr-picture")).to_be_visible()
    page.get_by_role("button", name="Connect the till").click()
    expect(till.get_by_role("heading", name="Scan a card")).to_be_visible()

    page.get_by_role("button", name="Ask for the birth date").click()
    expect(page.locator("[data-demo-note]")).to_contain_text("First scan the card")

    page.get_by_role("button", name="Scan the phone").click()
    expect(till.get_by_role("heading", name="Welcome, Aino")).to_be_visible()
    page.get_by_role("button", name="Ask for the birth date").click()
    expect(page.locator("[data-demo-answer]")).to_contain_text("403")
    expect(page.locator("[data-demo-answer]")).not_to_contain_text("1990")

    expect(activity.get_by_text("Kahvila Kaisa").first).to_be_visible()
    expect(activity.get_by_text("Refused").first).to_be_visible()
    if picture := os.environ.get("KLIENTO_PICTURE"):
        page.screenshot(path=picture)
    page.get_by_role("link", name="Open it on the phone").click()
    expect(phone.get_by_text("Refused").first).to_be_visible()


def test_the_town_is_only_for_an_empty_database(town: Databases) -> None:
    assert has_demo_data()
    assert [shop.name for shop in approved_third_parties()] == [
        "Kahvila Kaisa",
        "Liikuntakeskus Nurmi",
        "Töölön kirjasto",
    ]
    with pytest.raises(CommandError, match="not empty") as refused:
        call_command("demo")
    assert refused.value.returncode == 2
    call_command("demo", "--if-empty")


def test_there_is_no_town_in_production(db: Databases, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
