"""A terminal that was revoked hands in what it had until then, and learns nothing by it (threat 26)."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.recipients.actions import revoke_terminal
from kliento.domain.visits.actions.scans import ScanResult
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import NotFound
from tests import programmes, taps
from tests.taps import later
from tests.world import REGISTER_HOLDER, kahvila_kaisa

REVOKED = later(minutes=30)


def _revoke(place) -> None:
    revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=REVOKED)


def test_what_occurred_before_it_was_revoked_is_recorded_and_answered_received(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, kaisa, "first_name")
    programmes.takes(aino, programmes.offered(kaisa))
    scans = [
        taps.scan(taps.code_of(aino, at=later(minutes=29)), occurred_at=later(minutes=29)),
        taps.scan("no card of ours", occurred_at=later(minutes=28)),
    ]
    _revoke(kaisa)
    assert taps.record(scans, kaisa, at=later(minutes=31)) == [ScanResult(scan.id, Outcome.RECEIVED) for scan in scans]
    assert list(Scan.objects.order_by("outcome").values_list("outcome", flat=True)) == ["identified", "unknown"]
    [visit] = Visit.objects.all()
    assert visit.fields == []
    [told] = [entry for entry in entries_of([aino.person_id]) if entry.kind == "visit"]
    assert told.fields == ()


def test_the_same_scan_again_is_received_again_though_it_was_answered_before(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    scan = taps.scan(taps.code_of(aino))
    assert taps.record([scan], kaisa)[0].outcome is Outcome.IDENTIFIED
    _revoke(kaisa)
    assert taps.record([scan], kaisa, at=later(minutes=31)) == [ScanResult(scan.id, Outcome.RECEIVED)]
    assert Visit.objects.count() == 1


def test_what_occurred_after_it_is_not_taken(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    _revoke(kaisa)
    after = taps.scan(taps.code_of(aino, at=REVOKED), occurred_at=REVOKED)
    with pytest.raises(NotFound):
        taps.record([after], kaisa, at=later(minutes=31))
    before = taps.scan("no card of ours")
    results = taps.record([after, before], kaisa, at=later(minutes=31))
    assert [result.outcome for result in results] == [Outcome.INVALID, Outcome.RECEIVED]
    assert results[0].problem.code == "terminal_disconnected"
    assert not Visit.objects.exists()


def test_a_scan_named_after_it_was_revoked_is_not_taken_whatever_time_it_claims(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    _revoke(kaisa)
    named_late = taps.scan("x", occurred_at=later(minutes=40)).id
    with pytest.raises(NotFound):
        taps.record([taps.scan(taps.code_of(aino), scan_id=named_late)], kaisa, at=later(minutes=41))


def test_after_seven_days_nothing_is_taken_any_more(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    scan = taps.scan(taps.code_of(aino, at=later(minutes=29)), occurred_at=later(minutes=29))
    _revoke(kaisa)
    with pytest.raises(NotFound):
        taps.record([scan], kaisa, at=later(days=7, minutes=31))
    assert not Visit.objects.exists()
