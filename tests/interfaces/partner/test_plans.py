"""The portal of a shop with many visits, a hundredth of what `kliento bench portal` measures: its plans are looked at.

A page that reads a table of visits or members from end to end gets slower every day.
"""

from uuid import UUID

import pytest
from bench import office
from django.db import connections

from kliento.kernel.clock import now

pytestmark = pytest.mark.both_engines

VISITS = 10_000


@pytest.fixture
def owner(db) -> dict[str, str]:
    filled = office.fill(VISITS, at=now())
    if connections["default"].vendor == "postgresql":
        for connection in connections.all():
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return filled


def test_no_page_reads_a_growing_table_from_end_to_end(owner: dict[str, str]) -> None:
    browser = office.browser_of(**owner)
    scans = {}
    for page, path in office.pages(UUID(owner["third_party_id"])).items():
        with office.statements() as sent:
            assert browser.get(path).status_code == 200
        scans[page] = [scan for alias, sql, parameters in sent for scan in office.scans_of(alias, sql, parameters)]

    assert {page: found for page, found in scans.items() if found} == {}


def test_a_page_that_did_would_be_noticed(owner: dict[str, str]) -> None:
    counted = "SELECT COUNT(*) FROM visits_visit AS visit WHERE visit.fields IS NOT NULL"

    assert office.scans_of("default", counted, ()) == [f"visits_visit: {counted}"[:114]]
