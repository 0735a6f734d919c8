"""T-1, a terminal's request replayed: the same request twice gives one visit."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from kliento.domain.activity.models import Entry
from kliento.domain.visits.models import Scan, Visit
from tests import taps
from tests.world import kahvila_kaisa


def test_threat_1_the_same_request_later_gives_the_first_answer_and_no_second_visit(db):
    place, aino = kahvila_kaisa(), taps.aino()
    scan = taps.scan(taps.code_of(aino))
    first = taps.record([scan], place)[0]
    entries = Entry.objects.count()
    for minutes in (1, 9, 11, 60 * 24 * 6):
        again = taps.record([scan], place, at=taps.later(minutes=minutes))[0]
        assert (again.outcome, again.visit_id) == (first.outcome, first.visit_id)
    assert (Visit.objects.count(), Scan.objects.count(), Entry.objects.count()) == (1, 1, entries)


def test_threat_1_the_same_request_many_times_at_once_is_one_visit(db):
    place, aino = kahvila_kaisa(), taps.aino()
    scans = [taps.scan(taps.code_of(aino)), taps.scan("no card of ours")]

    def send(_: int) -> list:
        try:
            return taps.record(scans, place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as senders:
        answers = list(senders.map(send, range(12)))
    assert all(answer == answers[0] for answer in answers)
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 2)


def test_threat_1_one_code_shown_at_two_tills_at_once_is_one_visit(db):
    place, aino = kahvila_kaisa(), taps.aino()
    code = taps.code_of(aino)

    def send(_: int) -> str:
        try:
            return taps.record([taps.scan(code)], place)[0].outcome
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as senders:
        outcomes = list(senders.map(send, range(6)))
    assert "identified" in outcomes
    # Whoever was first by time and id stands; who was answered before that came in does not count any more.
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified"] + ["replayed"] * 5
    assert Visit.objects.filter(overruled_at=None).count() == 1
