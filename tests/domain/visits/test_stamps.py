"""Stamps at a tap: earned with the visit, told in its entry, shown at the till; first visits; places that ask first."""

from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.programmes.actions import change_programme, close_programme, put_out_of_use
from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.rules import StampsView
from kliento.domain.sharing.actions import set_default_set
from kliento.domain.visits.rules import Outcome
from tests import programmes, taps
from tests.programmes import collects, movements, offered, owner_of, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto, relation_of


def test_a_visit_earns_a_stamp_and_its_entry_tells_it(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, needed=10))
    taps.share(aino, till, "first_name")
    result = taps.tap(aino, till)
    assert result.stamps == StampsView("Coffee card", "A coffee", 1, 10, can_redeem=False)
    newest = entries_of([aino.person_id])[0]
    assert (newest.payload["stamps"], newest.payload["stamps_needed"]) == (1, 10)
    assert str(reading_of(newest).line) == "Visit · 1 of 10 stamps · they saw"


def test_without_the_card_there_is_neither_a_stamp_nor_a_word_of_one(db):
    till, aino = kahvila_kaisa(), taps.aino()
    offered(till)
    assert taps.tap(aino, till).stamps is None
    assert "stamps" not in entries_of([aino.person_id])[0].payload
    assert not LedgerEntry.objects.exists()


def test_one_shops_card_collects_nothing_at_another(db):
    till, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    takes(aino, offered(till))
    assert taps.tap(aino, gym).stamps is None
    assert not LedgerEntry.objects.exists()


def test_one_visit_is_one_stamp_however_often_the_card_is_shown(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till))
    scan = taps.scan(taps.code_of(aino))
    first = taps.record([scan], till)[0]
    again = taps.record([scan], till, at=later(minutes=1))[0]
    second = taps.tap(aino, till, at=later(minutes=5))
    assert [each.stamps.balance for each in (first, again, second)] == [1, 1, 1]


def test_an_upload_earns_for_each_visit_and_no_more_a_day_than_the_programme_gives(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, a_day=2))
    moments = [later(hours=hour) for hour in (0, 1, 2, 23, 24, 25)]
    scans = [taps.scan(taps.code_of(aino, at=moment), occurred_at=moment) for moment in moments]
    results = taps.record(scans, till, at=later(days=3))
    assert {result.stamps.balance for result in results} == {4}
    assert movements(aino) == [("earned", 1, number) for number in (1, 2, 3, 4)]
    assert taps.tap(aino, till, at=later(hours=25, minutes=30)).stamps.balance == 4


def test_the_days_cap_holds_from_batch_to_batch(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till, a_day=2))
    assert [each.stamps.balance for each in collects(aino, till, 4)] == [1, 2, 2, 2]
    assert taps.tap(aino, till, at=later(days=1)).stamps.balance == 3


def test_a_card_out_of_use_or_closed_collects_nothing_and_its_stamps_wait(db):
    till, aino = kahvila_kaisa(), taps.aino()
    owner = owner_of(till)
    programme = programmes.coffee_card(owner)
    takes(aino, programme)
    collects(aino, till, 2)
    put_out_of_use(aino.person_id, programme.id, by=aino, at=later(hours=2))
    assert taps.tap(aino, till, at=later(hours=3)).stamps is None
    takes(aino, programme, at=later(hours=4))
    assert taps.tap(aino, till, at=later(hours=5)).stamps.balance == 3
    close_programme(by=owner, at=later(hours=6))
    assert taps.tap(aino, till, at=later(hours=7)).stamps is None


def test_changed_terms_hold_for_everybody_at_once(db):
    till, aino = kahvila_kaisa(), taps.aino()
    owner = owner_of(till)
    takes(aino, programmes.coffee_card(owner, needed=10))
    collects(aino, till, 2)
    change_programme(
        name="Bun card", reward="A bun", stamps_needed=3, most_a_day=5, stamps_last_days=None, by=owner, at=NOON
    )
    assert taps.tap(aino, till, at=later(hours=2)).stamps == StampsView("Bun card", "A bun", 3, 3, can_redeem=True)


def test_a_restricted_person_earns_nothing_and_a_repeat_shows_no_stamps(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till))
    scan = taps.scan(taps.code_of(aino))
    assert taps.record([scan], till)[0].stamps is not None
    taps.restricted(aino)
    assert taps.record([scan], till, at=later(minutes=1))[0].stamps is None
    assert taps.tap(aino, till, at=later(hours=1)).outcome is Outcome.NOT_ACCEPTED
    assert LedgerEntry.objects.count() == 1


def test_a_first_visit_shares_the_default_set_and_the_till_sees_it_at_once(db):
    till, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    taps.tap(aino, gym, at=later(hours=-1))
    set_default_set(aino.person_id, ["first_name"], by=aino, at=NOON)
    assert taps.tap(aino, till).values == {"first_name": "Aino"}
    assert {entry.kind for entry in entries_of([aino.person_id], limit=2)} == {"visit", "sharing_started"}
    assert relation_of(aino, till).granted("serving", at=NOON) == {"first_name"}
    assert taps.tap(aino, gym, at=later(hours=1)).values == {}, "they have met before"


@pytest.mark.parametrize("members", [False, True])
def test_with_stamps_a_batch_of_any_size_takes_at_most_twelve_statements(db, members):
    till = kahvila_kaisa()
    programme = offered(till, needed=100)
    people = [taps.cardholder(f"p{number}@example.fi") for number in range(20)]
    for person in people:
        taps.share(person, till, "first_name")
        if members:
            takes(person, programme)
    counts = []
    for size, start in ((1, later(hours=1)), (10, later(hours=2)), (500, later(hours=20))):
        scans = [
            taps.scan(taps.code_of(people[place % 20], at=at), occurred_at=at)
            for place in range(size)
            for at in [start - timedelta(minutes=30 * (place // 20))]
        ]
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            results = taps.record(scans, till, at=start)
        assert {result.outcome for result in results} == {Outcome.IDENTIFIED}
        assert all((result.stamps is not None) is members for result in results)
        counts.append(len(_statements(main)) + len(_statements(keys)))
    assert len(set(counts)) == 1, counts
    assert counts[0] == (12 if members else 11)


def test_a_visit_that_is_not_recorded_earns_nothing(db):
    till, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(till))
    with pytest.raises(RuntimeError), transaction.atomic():
        taps.tap(aino, till)
    assert not LedgerEntry.objects.exists()


def _statements(captured: CaptureQueriesContext) -> list[str]:
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in captured if not query["sql"].lstrip().startswith(control)]
