"""T-3, by a clock: a till whose clock is wrong, or set so, makes no visit of a code that somebody kept."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from tests import taps
from tests.taps import later
from tests.world import NOON, Place, kahvila_kaisa


@pytest.fixture
def kaisa(db) -> Place:
    return kahvila_kaisa()


def sent(place: Place, code: str, *, by_clock: datetime, says: bool = True) -> list[tuple[str, str | None]]:
    """What a till with that clock is told: the outcome, and the problem's code."""
    scan = {"id": str(id_at(by_clock)), "code": code, "occurred_at": by_clock.isoformat()}
    body = json.dumps({"scans": [scan]} | ({"sent_at": by_clock.isoformat()} if says else {}))
    headers = {"Authorization": f"Bearer {place.secret}"}
    answer = Client().post("/api/v1/scans", body, content_type="application/json", headers=headers)
    return [(each["outcome"], (each["problem"] or {}).get("code")) for each in answer.json()["scans"]]


@pytest.mark.parametrize("hours", [-30, -3, 3, 30])
def test_a_till_whose_clock_is_hours_off_is_told_so_and_nothing_is_recorded(kaisa, hours) -> None:
    clock = now() + timedelta(hours=hours)
    of_now, of_its_time = (taps.code_of(taps.cardholder(f"{at:%d%H}@example.fi"), at=at) for at in (now(), clock))
    for code in (of_now, of_its_time):  # the second is what somebody kept for such a till
        assert sent(kaisa, code, by_clock=clock) == [("clock_off", "clock_off")]
    assert not Scan.objects.exists()
    assert not Visit.objects.exists()


def test_a_till_that_does_not_say_what_its_clock_shows_cannot_be_ahead(kaisa) -> None:
    clock = now() + timedelta(hours=2)
    code = taps.code_of(taps.aino(), at=clock)
    assert sent(kaisa, code, by_clock=clock, says=False) == [("clock_off", "clock_off")]
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("named_at", "occurred_at", "outcome"),
    [
        (NOON, NOON, Outcome.IDENTIFIED),
        (later(hours=2), NOON, Outcome.CLOCK_OFF),
        (NOON, later(hours=2), Outcome.CLOCK_OFF),
        (later(days=-8), NOON, Outcome.TOO_LATE),
        (NOON, later(days=-8), Outcome.TOO_LATE),
    ],
)
def test_the_id_of_a_scan_and_its_time_are_both_held_against_the_clock(kaisa, named_at, occurred_at, outcome) -> None:
    code = taps.code_of(taps.aino(at=later(days=-9)), at=occurred_at)
    scan = taps.scan(code, occurred_at=occurred_at, scan_id=id_at(named_at))
    assert taps.record([scan], kaisa)[0].outcome is outcome
