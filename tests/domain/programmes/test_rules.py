"""What a stamp card adds up to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kliento.domain.programmes import rules
from kliento.domain.programmes.rules import Lot, Standing, Taking, Terms
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TERMS = Terms("Coffee card", "A coffee", stamps_needed=3, most_a_day=2)


def lot(number: int, *, left: int = 1, days: int | None = None) -> Lot:
    return Lot(new_id(), number, left, None if days is None else AT + timedelta(days=days))


def test_what_ends_first_goes_first_and_of_those_the_oldest():
    never, late, soon, sooner = lot(1), lot(2, days=9), lot(3, days=2), lot(4, days=1)
    old = lot(0, days=2)
    assert [each.number for each in rules.first_to_go([never, late, soon, sooner, old])] == [4, 0, 3, 2, 1]


def test_stamps_are_taken_from_several_lots_until_there_are_enough():
    first, second = lot(1, left=2, days=1), lot(2, left=5)
    assert rules.taken([second, first], 3, at=AT) == [Taking(first.entry_id, 2), Taking(second.entry_id, 1)]


def test_too_few_stamps_take_nothing():
    assert rules.taken([lot(1), lot(2)], 3, at=AT) is None


def test_a_stamp_that_has_run_out_is_not_taken():
    assert rules.taken([lot(1, days=0), lot(2), lot(3)], 3, at=AT) is None


def test_what_is_left_of_expired_lots_runs_out():
    gone, good = lot(1, left=2, days=-1), lot(2, days=1)
    assert rules.run_out([gone, good, lot(3)], at=AT) == [Taking(gone.entry_id, 2)]


def test_undoing_gives_nothing_back_to_a_lot_that_was_reversed():
    kept, wrong = Taking(new_id(), 2), Taking(new_id(), 1)
    assert rules.given_back([kept, wrong], reversed_lots=frozenset({wrong.lot_id})) == [kept]


def test_a_card_collects_no_more_a_day_than_its_programme_gives():
    today, yesterday = date(2026, 11, 22), date(2026, 11, 21)
    standing = Standing(new_id(), new_id(), TERMS, 3, 3, (yesterday, yesterday, today))
    assert rules.may_earn(standing, on=today)
    assert not rules.may_earn(rules.after_earning(standing, on=today), on=today)
    assert not rules.may_earn(standing, on=yesterday)


@pytest.mark.parametrize(("balance", "can_redeem"), [(0, False), (2, False), (3, True), (4, True)])
def test_the_reward_is_reached_at_so_many_stamps(balance, can_redeem):
    assert rules.view_of(TERMS, balance).can_redeem is can_redeem


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (Terms("", "A coffee", 10, 2), {"name": "missing"}),
        (Terms("Card", "x" * 121, 10, 2), {"reward": "too_long"}),
        (Terms("Card", "A coffee", 0, 2), {"stamps_needed": "out_of_range"}),
        (Terms("Card", "A coffee", 10, 21), {"most_a_day": "out_of_range"}),
        (Terms("Card", "A coffee", 10, 2, 0), {"stamps_last_days": "out_of_range"}),
    ],
)
def test_what_cannot_be_offered_is_named(terms, fault):
    assert rules.obstacles_to_offering(terms, fields=(), reason="") == fault


def test_whoever_asks_for_details_says_why():
    assert rules.obstacles_to_offering(TERMS, fields=("email",), reason="") == {"reason": "reason_missing"}
