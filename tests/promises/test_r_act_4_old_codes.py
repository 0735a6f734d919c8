"""R-ACT-4: an old code shown again and again stands in Activity, and does not bury everything else there."""

from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.visits.models import Scan
from tests import taps
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")
SHOWN = 7


def _shows_an_old_code(who, place: Place, *, times: int, at=NOON, at_once: bool = False) -> None:
    code = taps.code_of(who, at=at - timedelta(hours=1))
    scans = [taps.scan(code, occurred_at=at + timedelta(seconds=number)) for number in range(times)]
    for batch in [scans] if at_once else [[one] for one in scans]:
        assert {answer.outcome for answer in taps.record(batch, place, at=at + timedelta(seconds=times))} == {"expired"}


def _told(who) -> list[str]:
    refused = [entry for entry in entries_of([who.person_id], limit=99) if entry.kind == "visit_refused"]
    return [str(reading_of(entry).line) for entry in reversed(refused)]


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one upload"])
def test_the_first_three_of_a_day_are_entered_and_the_third_says_that_there_may_be_more(at_once) -> None:
    kaisa, aino = kahvila_kaisa(), taps.aino()
    _shows_an_old_code(aino, kaisa, times=SHOWN, at_once=at_once)
    told = _told(aino)
    assert ["An old code of your card was shown there" in line for line in told] == [True] * 3
    assert ["if it happened again, that is not listed" in line for line in told] == [False, False, True]
    assert Scan.objects.filter(outcome="expired").count() == SHOWN


def test_another_place_another_day_and_another_person_are_entered_anew() -> None:
    kaisa, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    eino = taps.cardholder("eino@example.fi", "Eino")
    _shows_an_old_code(aino, kaisa, times=4)
    _shows_an_old_code(aino, gym, times=4)
    _shows_an_old_code(aino, kaisa, times=4, at=NOON + timedelta(days=1))
    _shows_an_old_code(eino, kaisa, times=1)
    assert (len(_told(aino)), len(_told(eino))) == (9, 1)
