"""Threat 27: a till that a busy service sends away comes when it was told to, and not with all the others."""

from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from kliento.domain.visits.models import Scan
from kliento.kernel.clock import now
from tests.interfaces.counter.counters import Tablet, scan
from tests.world import Place, kahvila_kaisa

DELAYS = """async (headers) => {
    const { delayOf } = await import("/static/js/till/rest.js");
    return Array.from({ length: 50 }, () => delayOf(new Response(null, { status: 503, headers })));
}"""
NOT_WOKEN = "delete ServiceWorkerRegistration.prototype.sync"  # the page alone hands in
AT = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.fixture
def kaisa(db: object) -> Place:
    return kahvila_kaisa(at=now() - timedelta(days=2))


@pytest.mark.parametrize("status", [503, 429])
def test_threat_27_a_till_that_was_sent_away_comes_when_it_was_told_to(
    status: int, tablet: Tablet, kaisa: Place
) -> None:
    page = tablet.open()
    page.add_init_script(NOT_WOKEN)
    tablet.pair(page, kaisa)
    came: list[float] = []

    def answer(route: Route) -> None:
        came.append(now().timestamp())
        if len(came) > 1:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "8"}, body="")

    page.route("**/counter/scans", answer)
    tablet.context.set_offline(True)
    scan(page, "04A2B4C2D5E680")
    expect(page.get_by_text("1 waiting")).to_be_visible()
    tablet.context.set_offline(False)
    expect(page.locator("[data-news]")).to_be_hidden()
    while not came:
        page.wait_for_timeout(100)
    for _ in range(5):  # whatever else would have it try
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(200)
    expect(page.get_by_text("1 waiting")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 waiting")).to_be_visible()
    expect(page.get_by_text("Saved scans sent: 1.")).to_be_visible(timeout=40_000)
    first, second = came
    assert second - first >= 8
    assert Scan.objects.count() == 1
    assert tablet.errors == []


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "2"}, 2, 3),
        ({"Retry-After": "60"}, 60, 90),
        ({"Retry-After": "Mon, 23 Nov 2026 12:00:20 GMT", "Date": AT}, 20, 30),
        ({"Retry-After": "Mon, 23 Nov 2026 11:00:00 GMT", "Date": AT}, 0, 1),
        ({"Retry-After": "86400"}, 600, 900),
        ({"Retry-After": "soon"}, 10, 15),
        ({}, 10, 15),
    ],
)
def test_threat_27_it_waits_as_long_as_asked_and_a_moment_by_chance_but_not_for_ever(
    headers: dict[str, str], least: float, most: float, tablet: Tablet, kaisa: Place
) -> None:
    delays = tablet.open().evaluate(DELAYS, headers)
    assert all(1000 * least <= delay <= 1000 * most for delay in delays)
    assert len(set(delays)) > 40, "not all at the same moment"
