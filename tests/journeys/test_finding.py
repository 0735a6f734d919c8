"""Finding in Activity and taking it along, without JavaScript: filters, chips, a mistake, an earlier page, both files.

The pictures stay in out/finding/.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.album import Album
from tests.databases import Databases
from tests.looking import DESK_DARK, PHONE_LIGHT, faults_of
from tests.phone import cookie_for
from tests.serving import Served
from tests.world import Place, aino, kahvila_kaisa, kuntosali_kunto, shares, stores


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.fixture
def me(kaisa: Place) -> PersonActor:
    """Somebody with a page and more of refusals at one company, and a look at another."""
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567")
    kunto = kuntosali_kunto(at=now() - timedelta(days=2))
    shares(person, kunto, "first_name")
    for place, field in [(kunto, "first_name"), *[(kaisa, "phone")] * 42]:
        to = ThirdPartyRecipient(place.third_party_id)
        with suppress(Refused):
            disclose(person.person_id, to=to, purpose="serving", fields=[field], at=now())
    return person


@pytest.fixture
def phone(browser: Browser, served: Served, me: PersonActor) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    yield context.new_page()
    context.close()


def test_a_person_finds_what_was_refused_and_takes_it_along(phone: Page, served: Served) -> None:
    album = Album("finding")
    phone.goto(f"{served.url}/me/activity")
    phone.get_by_text("Find in Activity").click()
    phone.get_by_label("Words").fill("kaisa")
    phone.get_by_label("What happened").select_option("Refused")
    phone.get_by_label("Detail").select_option("Phone number")
    phone.get_by_label("From").fill("2026-11-22")
    phone.get_by_label("To", exact=True).fill("2026-11-20")
    phone.get_by_role("button", name="Show").click()
    expect(phone.get_by_role("alert")).to_contain_text("The last day is before the first one.")
    expect(phone.get_by_label("Words")).to_have_value("kaisa")
    album.take(phone, "mistake")

    phone.get_by_label("To", exact=True).fill("")
    phone.get_by_label("From").fill("")
    phone.get_by_role("button", name="Show").click()
    expect(phone.locator(".row")).to_have_count(40)
    expect(phone.locator(".row", has_not_text="Kahvila Kaisa")).to_have_count(0)
    album.take(phone, "found")
    phone.get_by_role("link", name="Earlier").click()
    expect(phone.locator(".row")).to_have_count(2)

    with phone.expect_download() as table:
        phone.get_by_role("button", name="Table (CSV)").click()
    with Path(table.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["Company"], row["Refused"]) for row in rows} == {
        ("Kahvila Kaisa", "Phone number: You have not shared it with them.")
    }
    assert len(rows) == 42

    for chip in ("“kaisa”", "Phone number", "Refused"):
        phone.locator(".span", has_text=chip).click()
    expect(phone.locator(".span")).to_have_count(0)
    expect(phone.locator(".row", has_text="You downloaded your Activity")).to_have_count(1)
    with phone.expect_download() as document:
        phone.get_by_role("button", name="For programs (JSON)").click()
    everything = json.loads(Path(document.value.path()).read_text())
    assert {"person_registered", "disclosed", "disclosure_refused"} <= {one["kind"] for one in everything["entries"]}


def test_axe_finds_nothing_where_filters_are_open_chosen_and_wrong(
    browser: Browser, served: Served, me: PersonActor
) -> None:
    context = browser.new_context(service_workers="block", viewport={"width": 390, "height": 844})
    context.add_cookies([{**cookie_for(me), "url": served.url}])
    page = context.new_page()
    for address in ("?what=refused&field=phone&q=kaisa", "?q=banana", "?from=x&with=y"):
        page.goto(f"{served.url}/me/activity{address}")
        if "from" not in address:
            page.get_by_text("Find in Activity").click()
        assert faults_of(page, PHONE_LIGHT, DESK_DARK) == {}, address
    context.close()
