"""T-29: neither a second till nor a card that is refused brings a cashier more, and each visit says who was on duty."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.recipients.actions import add_premises, demand_levels, make_pairing_code, pair_terminal
from kliento.domain.recipients.queries import paired_terminal
from kliento.domain.visits.actions import cancel_visit
from kliento.domain.visits.models import Visit
from tests import taps
from tests.programmes import coffee_card, movements, owner_of, takes
from tests.taps import later
from tests.world import NOON, REGISTER_HOLDER, Place, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def kaisa() -> Place:
    return kahvila_kaisa()


def _cashier(kaisa: Place, *, a_day: int = 2):
    owner = owner_of(kaisa)
    return owner, takes(taps.cardholder("cashier@example.fi"), coffee_card(owner, needed=100, a_day=a_day))


def test_a_second_till_and_a_second_place_bring_no_more_a_day(kaisa: Place) -> None:
    _, cashier = _cashier(kaisa)
    other = add_premises(kaisa.third_party_id, "Punavuori", by=REGISTER_HOLDER, at=NOON)
    for number, premises_id in enumerate((kaisa.premises_id, other.id)):
        code = make_pairing_code(premises_id, by=REGISTER_HOLDER, at=NOON)
        terminal, _ = pair_terminal(code, name=f"Kassa {number}", at=NOON)
        for minutes in range(0, 120, 20):
            at = later(minutes=minutes + number)
            scan = taps.scan(taps.code_of(cashier, at=at), occurred_at=at)
            taps.hand_in([scan], by=paired_terminal(terminal.id), at=at)
    assert len(movements(cashier)) == 2


def test_a_scan_that_is_refused_earns_nothing(kaisa: Place) -> None:
    owner, cashier = _cashier(kaisa, a_day=20)
    old = taps.code_of(cashier, at=NOON - timedelta(hours=1))
    used, stolen = taps.code_of(cashier), taps.code_of(cashier, at=later(minutes=40))
    outcomes = [taps.record([taps.scan(old)], kaisa)[0].outcome]
    taps.record([taps.scan(used)], kaisa)
    outcomes.append(taps.record([taps.scan(used, occurred_at=later(seconds=5))], kaisa, at=later(seconds=5))[0].outcome)
    demand_levels(identify="rotating", redeem="rotating", by=owner, at=NOON)
    printed = taps.scan(card_number(cashier), occurred_at=later(minutes=20))
    outcomes.append(taps.record([printed], kaisa, at=later(minutes=20))[0].outcome)
    for medium in media_of_person(cashier.person_id):
        block_medium(cashier.person_id, medium.id, by=cashier, at=later(minutes=30))
    blocked = taps.scan(stolen, occurred_at=later(minutes=40))
    outcomes.append(taps.record([blocked], kaisa, at=later(minutes=40))[0].outcome)
    assert outcomes == ["expired", "replayed", "too_weak", "not_accepted"]
    assert len(movements(cashier)) == 1


def test_undoing_and_scanning_again_brings_no_more_than_the_day_gives(kaisa: Place) -> None:
    _, cashier = _cashier(kaisa, a_day=1)
    for number in range(4):
        at = later(minutes=20 * number)
        taps.record([one := taps.scan(taps.code_of(cashier, at=at), occurred_at=at)], kaisa, at=at)
        if number < 3:
            cancel_visit(one.id, by=kaisa.terminal, at=at)
    assert sum(amount for _, amount, _ in movements(cashier)) <= 1


def test_every_kind_of_visit_says_who_was_on_duty(kaisa: Place) -> None:
    owner, cashier = _cashier(kaisa)
    by = replace(kaisa.terminal, operator_id=owner.operator_id)
    taps.hand_in([taps.scan(card_number(cashier))], by=by)
    taps.hand_in(
        [taps.scan(taps.code_of(cashier, at=later(minutes=30)), occurred_at=later(minutes=30))],
        by=by,
        at=later(minutes=31),
    )
    assert set(Visit.objects.values_list("operator_id", flat=True)) == {owner.operator_id}
