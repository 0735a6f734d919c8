"""Where stays are counted: in, out, or whichever it is; read twice is read once, and a stay ends after a day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import count_stays
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.sharing.models import Relationship
from kliento.domain.visits.actions import NewScan
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome, Stay, Step, step
from kliento.kernel.ids import id_at, new_id
from tests import taps
from tests.world import NOON, REGISTER_HOLDER, Place, kuntosali_kunto

MINUTE = timedelta(minutes=1)


@pytest.fixture
def gym(db) -> Place:
    place = kuntosali_kunto()
    count_stays(place.premises_id, stays=True, by=REGISTER_HOLDER, at=NOON)
    return replace(place, terminal=terminal_actor(place.secret))


def show(who, gym: Place, direction: str = "", *, minutes: float = 0):
    at = NOON + minutes * MINUTE
    return taps.record([NewScan(id_at(at), taps.code_of(who, at=at), at, direction)], gym, at=at)[0]


def stay(came: float, left: float | None = None) -> Stay:
    return Stay(new_id(), NOON + came * MINUTE, None if left is None else NOON + left * MINUTE)


@pytest.mark.parametrize(
    ("stays", "direction", "expected"),
    [
        ([], "", Step.ENTERS),
        ([], "in", Step.ENTERS),
        ([], "out", Step.NOT_INSIDE),
        ([stay(-1)], "", Step.STAYS),
        ([stay(-3)], "", Step.LEAVES),
        ([stay(-1)], "out", Step.LEAVES),
        ([stay(-5)], "in", Step.STAYS),
        ([stay(-60)], "in", Step.ENTERS),
        ([stay(-60, -1)], "", Step.LEFT_ALREADY),
        ([stay(-60, -1)], "out", Step.LEFT_ALREADY),
        ([stay(-60, -1)], "in", Step.ENTERS),
        ([stay(-60, -3)], "", Step.ENTERS),
        ([stay(-60, -3)], "out", Step.NOT_INSIDE),
        ([stay(-25 * 60)], "", Step.ENTERS),
        ([stay(-25 * 60)], "out", Step.NOT_INSIDE),
        ([stay(-60), stay(-9, -4)], "out", Step.NOT_INSIDE),
        ([stay(5)], "out", Step.NOT_INSIDE),
    ],
)
def test_what_a_card_shown_at_noon_does(stays, direction: str, expected: Step) -> None:
    assert step(stays, direction=direction, occurred_at=NOON, same_visit=10 * MINUTE)[0] is expected


def test_whoever_is_inside_leaves_and_the_activity_says_since_when(gym: Place) -> None:
    aino = taps.aino()
    assert show(aino, gym).outcome is Outcome.IDENTIFIED
    left = show(aino, gym, minutes=75)
    assert (left.outcome, left.values) == (Outcome.LEFT, {})
    [visit] = Visit.objects.all()
    assert visit.left_at == NOON + 75 * MINUTE
    newest = entries_of([aino.person_id], limit=1)[0]
    assert newest.kind == "visit_left"
    assert "You left" in str(reading_of(newest).line)
    assert show(aino, gym, minutes=80).outcome is Outcome.IDENTIFIED
    assert Visit.objects.count() == 2


def test_a_till_for_the_way_out_lets_nobody_in(gym: Place) -> None:
    aino = taps.aino()
    answer = show(aino, gym, "out")
    assert (answer.outcome, answer.member_number, answer.values) == (Outcome.NOT_INSIDE, None, {})
    assert not Visit.objects.exists()
    assert not Relationship.objects.exists()


def test_the_way_in_and_out_handed_in_together_is_one_stay(gym: Place) -> None:
    number = card_number(taps.aino())
    scans = [
        NewScan(id_at(NOON + each * MINUTE), number, NOON + each * MINUTE, direction)
        for each, direction in ((0, "in"), (50, "out"), (51, "out"))
    ]
    answers = taps.record(scans, gym, at=NOON + 60 * MINUTE)
    assert [answer.outcome for answer in answers] == [Outcome.IDENTIFIED, Outcome.LEFT, Outcome.LEFT]
    assert [answer.values for answer in answers[1:]] == [{}, {}]
    assert Visit.objects.get().left_at == NOON + 50 * MINUTE
    again = taps.record(scans, gym, at=NOON + 61 * MINUTE)
    assert [answer.outcome for answer in again] == [answer.outcome for answer in answers]


def test_the_same_scan_the_other_way_is_another_scan(gym: Place) -> None:
    aino = taps.aino()
    one = NewScan(id_at(NOON), card_number(aino), NOON, "in")
    taps.record([one], gym)
    [answer] = taps.record([replace(one, direction="out")], gym)
    assert answer.outcome is Outcome.INVALID


def test_elsewhere_a_direction_means_nothing(db) -> None:
    gym, aino = kuntosali_kunto(), taps.aino()
    assert show(aino, gym, "out").outcome is Outcome.IDENTIFIED
    assert show(aino, gym, minutes=5).outcome is Outcome.IDENTIFIED
    assert Visit.objects.count() == 1
