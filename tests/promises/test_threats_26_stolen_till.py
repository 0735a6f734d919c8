"""A stolen till (threat 26): its storage holds no personal value and no code; what it still has can be handed in."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kliento.domain.cards.queries import card_number
from kliento.domain.visits.models import Scan
from kliento.kernel.clock import now
from tests import taps
from tests.databases import Databases
from tests.interfaces.counter.counters import Tablet, scan, stored
from tests.world import Place, kahvila_kaisa

NAME = "Ainokaisa"


@pytest.fixture
def kaisa(db: Databases) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


def _found(profile: Path, *texts: str) -> list[str]:
    """Where in the profile one of these stands, in either of the ways in which browsers write text down."""
    wanted = [text.encode(coding) for text in texts for coding in ("utf-8", "utf-16-le")]
    files = [path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()]
    return [str(path.relative_to(profile)) for path in files if any(each in path.read_bytes() for each in wanted)]


def _used(page: Page, tablet: Tablet, kaisa: Place) -> list[str]:
    """A day at the till, with a network and without; what must not be on its disk afterwards."""
    aino = taps.cardholder(first_name=NAME, at=now() - timedelta(days=1))
    eino = taps.cardholder("eino@example.fi", "Eino", at=now() - timedelta(days=1))
    taps.share(aino, kaisa, "first_name", at=now())
    shown, number = taps.code_of(aino, at=now()), card_number(eino)
    scan(page, shown)
    expect(page.get_by_role("heading", name=f"Welcome, {NAME}")).to_be_visible()
    member = page.locator(".till-line").first.inner_text().removeprefix("Member ")
    tablet.context.set_offline(True)
    scan(page, number)
    expect(page.get_by_role("heading", name="Offline: saved")).to_be_visible()
    late = taps.code_of(eino, at=now())
    scan(page, late)
    expect(page.get_by_text("2 waiting")).to_be_visible()
    return [NAME, member, shown, shown.split(".")[2], number, late, late.split(".")[2]]


def test_a_stolen_till_holds_no_personal_value_and_no_code(tablet: Tablet, kaisa: Place) -> None:
    page = tablet.pair(tablet.open(), kaisa)
    secrets = _used(page, tablet, kaisa)
    waiting = stored(page, "waiting")
    assert len(waiting) == 2
    assert all(set(entry) == {"id", "sealed", "occurredAt", "direction", "premisesId"} for entry in waiting)
    page.wait_for_timeout(12_000)  # until the browser has written down what it will
    tablet.close()
    assert _found(tablet.profile, *secrets) == []


def test_what_a_till_kept_is_still_there_after_theft_and_return(tablet: Tablet, kaisa: Place) -> None:
    tablet.pair(tablet.open(), kaisa)
    tablet.close()
    page = tablet.open()
    page.wait_for_load_state("networkidle")
    _used(page, tablet, kaisa)
    tablet.kill()
    page = tablet.open()
    expect(page.get_by_role("heading", name="Scan a card")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert stored(page, "waiting") == []
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified"] * 3
