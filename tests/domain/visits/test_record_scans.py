"""One action for taps, uploads and repeats."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import block_media
from kliento.domain.cards.queries import card_number
from kliento.domain.visits.models import Scan, Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Invalid
from tests import taps
from tests.taps import later
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto


def test_a_shown_card_identifies_by_member_number_alone(db):
    till, aino = kahvila_kaisa(), taps.aino()
    result = taps.tap(aino, till)
    assert result.outcome is Outcome.IDENTIFIED
    assert len(result.member_number) == 8
    assert result.values == {}


def test_the_till_sees_the_shared_fields_that_are_meant_for_it(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name", "phone")
    assert taps.tap(aino, till).values == {"first_name": "Aino"}


def test_a_visit_is_one_entry_in_activity_disclosure_included(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name")
    before = len(entries_of([aino.person_id]))
    taps.tap(aino, till)
    newest, *others = entries_of([aino.person_id])
    assert len(others) == before
    assert (newest.kind, newest.fields, newest.recipient_id) == (
        "visit",
        ("first_name",),
        till.third_party_id,
    )


def test_a_second_fresh_code_within_ten_minutes_is_the_same_visit(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name")
    first = taps.tap(aino, till)
    entries = len(entries_of([aino.person_id]))
    second = taps.tap(aino, till, at=later(minutes=9))
    assert (second.outcome, second.visit_id) == (Outcome.IDENTIFIED, first.visit_id)
    assert second.values == {"first_name": "Aino"}
    assert Visit.objects.count() == 1
    assert len(entries_of([aino.person_id])) == entries


def test_what_is_shared_during_a_visit_is_shown_and_entered(db):
    till, aino = kahvila_kaisa(), taps.aino()
    first = taps.tap(aino, till)
    taps.share(aino, till, "first_name", at=later(minutes=1))
    second = taps.tap(aino, till, at=later(minutes=2))
    assert (second.visit_id, second.values) == (first.visit_id, {"first_name": "Aino"})
    newest = entries_of([aino.person_id])[0]
    assert newest.fields == ("first_name",)


def test_after_ten_minutes_a_scan_is_another_visit(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, till)
    taps.tap(aino, till, at=later(minutes=11))
    assert Visit.objects.count() == 2


def test_a_spent_code_is_replayed_and_only_its_premises_learn_when(db):
    till, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    code = taps.code_of(aino)
    taps.record([taps.scan(code)], till)
    again = taps.record([taps.scan(code, occurred_at=later(seconds=2))], till, at=later(seconds=2))[0]
    elsewhere = taps.record([taps.scan(code, occurred_at=later(seconds=3))], gym, at=later(seconds=3))[0]
    assert (again.outcome, again.first_at) == (Outcome.REPLAYED, NOON)
    assert (elsewhere.outcome, elsewhere.first_at, elsewhere.member_number) == (Outcome.REPLAYED, None, None)


def test_of_two_uses_in_one_upload_the_earlier_one_stands(db):
    till, aino = kahvila_kaisa(), taps.aino()
    code = taps.code_of(aino)
    late, early = taps.scan(code, occurred_at=later(seconds=10)), taps.scan(code)
    results = taps.record([late, early], till, at=later(hours=2))
    assert [result.outcome for result in results] == [Outcome.REPLAYED, Outcome.IDENTIFIED]


@pytest.mark.parametrize(
    ("shown_after", "outcome"),
    [(20, "identified"), (50, "identified"), (60, "expired"), (-29, "identified"), (-90, "too_early")],
)
def test_a_rotating_code_is_judged_at_the_moment_it_was_shown(db, shown_after, outcome):
    till, aino = kahvila_kaisa(), taps.aino()
    code = taps.code_of(aino)
    shown_at = later(seconds=shown_after)
    assert taps.record([taps.scan(code, occurred_at=shown_at)], till, at=later(days=1))[0].outcome == outcome


def test_offline_scans_are_taken_for_seven_days_and_show_nothing_afterwards(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name")
    in_time, late = taps.scan(taps.code_of(aino)), taps.scan(taps.code_of(aino))
    result = taps.record([in_time], till, at=later(days=6, hours=23))[0]
    assert (result.outcome, result.values) == (Outcome.IDENTIFIED, {})
    assert taps.record([late], till, at=later(days=7, minutes=1))[0].outcome is Outcome.TOO_LATE


def test_a_clock_that_is_ahead_is_told_so_and_nothing_is_lost(db):
    till, aino = kahvila_kaisa(), taps.aino()
    ahead = taps.scan(taps.code_of(aino, at=later(minutes=5)), occurred_at=later(minutes=5))
    assert taps.record([ahead], till)[0].outcome is Outcome.CLOCK_OFF
    assert not Scan.objects.exists()
    assert taps.record([ahead], till, at=later(minutes=4))[0].outcome is Outcome.IDENTIFIED


def test_the_same_scan_again_gets_its_first_answer(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name")
    one, foreign = taps.scan(taps.code_of(aino)), taps.scan("K1NOTACARDATALL0")
    first = taps.record([one, foreign], till)
    entries = len(entries_of([aino.person_id]))
    assert taps.record([one, foreign], till, at=later(seconds=90)) == first
    assert Visit.objects.count() == 1
    assert len(entries_of([aino.person_id])) == entries


def test_a_late_repeat_gets_its_first_answer_without_values(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, till, "first_name")
    one = taps.scan(taps.code_of(aino))
    first = taps.record([one], till)[0]
    again = taps.record([one], till, at=later(hours=1))[0]
    assert (again.visit_id, again.member_number, again.values) == (first.visit_id, first.member_number, {})


def test_another_scan_under_a_used_id_is_named_and_the_others_stand(db):
    till, aino = kahvila_kaisa(), taps.aino()
    one = taps.scan(taps.code_of(aino))
    other, third = taps.scan("K1NOTACARDATALL0", scan_id=one.id), taps.scan("K1NOTACARDATALL1")
    first, reused = taps.record([one, other], till)
    assert (first.outcome, reused.outcome) == (Outcome.IDENTIFIED, Outcome.INVALID)
    again, beside = taps.record([other, third], till, at=later(seconds=1))
    assert (again.outcome, beside.outcome) == (Outcome.INVALID, Outcome.UNKNOWN)
    for refused in (reused, again):
        assert refused.problem.code == "scan_id_reused"
        assert str(one.id) in str(refused.problem.detail)
        assert (refused.visit_id, refused.values) == (None, {})
    assert Scan.objects.count() == 2


def test_a_scan_whose_id_is_none_is_named_and_the_others_stand(db):
    till, aino = kahvila_kaisa(), taps.aino()
    wrong = taps.scan(taps.code_of(aino), scan_id=UUID("7c0c8d2e-3f77-4c3c-9c76-0a2d6a8f7d10"))
    named, stands = taps.record([wrong, taps.scan(taps.code_of(aino))], till)
    assert (named.outcome, named.problem.code) == (Outcome.INVALID, "scan_id_invalid")
    assert stands.outcome is Outcome.IDENTIFIED
    assert Scan.objects.count() == 1


def test_another_terminal_may_use_the_same_id(db):
    till, gym = kahvila_kaisa(), kuntosali_kunto()
    one = taps.scan("K1NOTACARDATALL0")
    taps.record([one], till)
    assert taps.record([one], gym)[0].outcome is Outcome.UNKNOWN


def test_a_restricted_person_and_a_blocked_card_read_the_same_at_the_till(db):
    till = kahvila_kaisa()
    restricted, blocked = taps.restricted(taps.cardholder("eero@example.fi")), taps.cardholder("saara@example.fi")
    block_media(blocked.person_id, at=NOON)
    answers = [taps.record([taps.scan(code)], till)[0] for code in (card_number(restricted), card_number(blocked))]
    assert {(answer.outcome, answer.member_number, answer.visit_id) for answer in answers} == {
        (Outcome.NOT_ACCEPTED, None, None)
    }
    reasons = [entries_of([person.person_id])[0].payload["reason"] for person in (restricted, blocked)]
    assert reasons == ["person_restricted", "medium_blocked"]


def test_a_batch_is_one_to_five_hundred_scans_named_by_uuid7(db):
    till = kahvila_kaisa()
    for scans in ([], [taps.scan("x")] * 501):
        with pytest.raises(Invalid, match="500"):
            taps.record(scans, till)


@pytest.mark.parametrize("shared", [True, False])
def test_a_batch_of_any_size_takes_the_same_statements_and_at_most_twelve(db, shared):
    till = kahvila_kaisa()
    people = [taps.cardholder(f"p{number}@example.fi") for number in range(20)]
    if shared:
        for person in people:
            taps.share(person, till, "first_name")
    counts = []
    for size, start in ((1, later(hours=1)), (10, later(hours=2)), (500, later(hours=20))):
        scans = [
            taps.scan(taps.code_of(people[place % 20], at=at), occurred_at=at)
            for place in range(size)
            for at in [start - timedelta(seconds=30 * (place // 20))]
        ]
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            results = taps.record(scans, till, at=start)
        assert {result.outcome for result in results} == {Outcome.IDENTIFIED}
        counts.append(len(_statements(main)) + len(_statements(keys)))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 12


def _statements(captured: CaptureQueriesContext) -> list[str]:
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].lstrip().startswith(control)]
