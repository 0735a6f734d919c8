"""Saying "this was not me": the visit is marked, its stamp goes, and what was shown is blocked."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import use_again
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.visits.actions import dispute_visit, redeem_at_till, undo_redemption
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import collects, movements, offered, takes
from tests.taps import later
from tests.world import kahvila_kaisa


def visit_entry(person):
    return next(entry for entry in entries_of([person.person_id]) if entry.kind == "visit")


def states(person):
    return [(medium.kind, medium.is_blocked) for medium in media_of_person(person.person_id)]


def test_the_visit_is_marked_and_stays_and_the_phone_is_blocked(db):
    till, aino = kahvila_kaisa(), taps.aino()
    taps.tap(aino, till)
    prefetched = taps.scan(taps.code_of(aino, at=later(hours=1)), occurred_at=later(hours=1))
    dispute_visit(visit_entry(aino).id, by=aino, at=later(minutes=5))
    assert Visit.objects.get().disputed_at == later(minutes=5)
    assert [entry.kind for entry in entries_of([aino.person_id], limit=2)] == ["medium_blocked", "visit_disputed"]
    assert taps.record([prefetched], till, at=later(hours=1))[0].outcome is Outcome.NOT_ACCEPTED
    phone = media_of_person(aino.person_id)[0]
    assert (phone.is_blocked, phone.may_be_used_again) == (True, True)
    use_again(aino.person_id, phone.id, by=aino, at=later(hours=2))
    assert taps.tap(aino, till, at=later(hours=3)).outcome is Outcome.IDENTIFIED


def test_a_copied_number_is_replaced_and_never_good_again(db):
    till, aino = kahvila_kaisa(), taps.aino()
    old = card_number(aino)
    taps.record([taps.scan(old)], till)
    dispute_visit(visit_entry(aino).id, by=aino, at=later(minutes=5))
    new = card_number(aino)
    assert new != old
    assert states(aino) == [("phone", False), ("printed", True), ("printed", False)]
    at = later(hours=1)
    results = taps.record([taps.scan(code, occurred_at=at) for code in (old, new)], till, at=at)
    assert [result.outcome for result in results] == [Outcome.NOT_ACCEPTED, Outcome.IDENTIFIED]
    blocked = next(medium for medium in media_of_person(aino.person_id) if medium.is_blocked)
    assert not blocked.may_be_used_again
    with pytest.raises(Invalid):
        use_again(aino.person_id, blocked.id, by=aino, at=at)


def test_its_stamp_is_taken_back_once(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till))
    collects(aino, till, 2)
    for _ in range(2):
        dispute_visit(visit_entry(aino).id, by=aino, at=later(hours=1))
    assert movements(aino) == [("earned", 1, 1), ("earned", 1, 2), ("reversed", -1, 1)]


def test_what_was_spent_stays_spent_and_undoing_does_not_bring_a_disputed_stamp_back(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=3))
    last, act = collects(aino, till, 3)[-1], new_id()
    redeem_at_till(last.visit_id, act, by=till.terminal, at=later(minutes=61))
    dispute_visit(visit_entry(aino).id, by=aino, at=later(minutes=62))
    assert movements(aino)[-1] == ("reversed", 0, 0)
    assert undo_redemption(act, by=till.terminal, at=later(minutes=63)).balance == 2
    assert LedgerEntry.objects.count() == 6


def test_late_foreign_and_other_entries_are_refused(db):
    till, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi")
    taps.tap(aino, till)
    entry = visit_entry(aino)
    with pytest.raises(NotFound):
        dispute_visit(entry.id, by=eino, at=later(minutes=5))
    with pytest.raises(NotFound):
        dispute_visit(entries_of([aino.person_id])[-1].id, by=aino, at=later(minutes=5))
    with pytest.raises(Conflict) as refused:
        dispute_visit(entry.id, by=aino, at=later(days=30, minutes=1))
    assert refused.value.code == "too_late_to_dispute"
    assert Visit.objects.get().disputed_at is None
