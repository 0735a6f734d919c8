"""Terminals whose clock is hours off are told so, and what to do; nothing is recorded until then."""

from datetime import timedelta

import pytest

from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from tests import taps
from tests.world import kahvila_kaisa


def _sent(code: str, *, by_clock) -> dict[str, object]:
    return {"id": str(id_at(by_clock)), "code": code, "occurred_at": by_clock.isoformat()}


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_hours_off_is_told_if_it_says_what_it_shows(api_of, hours):
    kaisa, aino, clock = kahvila_kaisa(), taps.aino(), now() + timedelta(hours=hours)
    scan = _sent(taps.code_of(aino, at=now()), by_clock=clock)
    answer = api_of(kaisa).post("/scans", {"scans": [scan, {"id": "none"}], "sent_at": clock.isoformat()})
    assert answer.status_code == 200
    first, second = answer.json()["scans"]
    assert [first["outcome"], second["outcome"]] == ["clock_off", "clock_off"]
    assert (first["problem"]["code"], first["problem"]["pointer"]) == ("clock_off", "/scans/0/occurred_at")
    assert "Date" in first["problem"]["detail"]
    assert not Scan.objects.exists()


def test_corrected_by_the_difference_the_same_scan_is_taken(api_of):
    kaisa, aino, clock = kahvila_kaisa(), taps.aino(), now() - timedelta(hours=3)
    scan = _sent(taps.code_of(aino, at=now()), by_clock=clock)
    api = api_of(kaisa)
    api.post("/scans", {"scans": [scan], "sent_at": clock.isoformat()})
    corrected = {"scans": [scan | {"occurred_at": now().isoformat()}], "sent_at": now().isoformat()}
    assert api.post("/scans", corrected).json()["scans"][0]["outcome"] == "identified"
    assert Visit.objects.count() == 1


def test_a_time_in_the_future_is_told_what_to_do_without_a_sending_time(api_of):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    scan = _sent(taps.code_of(aino, at=now()), by_clock=now() + timedelta(hours=2))
    [answer] = api_of(kaisa).scan(scan).json()["scans"]
    assert (answer["outcome"], answer["problem"]["code"]) == ("clock_off", "clock_off")


def test_a_terminal_that_is_none_is_not_told_about_clocks(api_of):
    kahvila_kaisa()
    clock = now() + timedelta(hours=3)
    sent = {"scans": [_sent("x", by_clock=clock)], "sent_at": clock.isoformat()}
    assert api_of(None).post("/scans", sent).status_code == 401
