"""R-REG-1: a visit counts once, whichever of a person's cards was shown in it, and whenever one of them was claimed."""

import pytest

from kliento.domain.claiming.actions import claim_card, undo_claim
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from tests import programmes, taps
from tests.blanks import blank_card, claimed, code_for, shown, stamps_of
from tests.world import kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def test_a_visit_at_which_both_cards_were_shown_counts_once():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programme = programmes.coffee_card(programmes.owner_of(kaisa))
    programmes.takes(aino, programme)
    number = blank_card()
    shown(number, kaisa)
    taps.tap(aino, kaisa, at=taps.later(hours=2))
    claimed(number, kaisa, aino, at=taps.later(hours=2, minutes=5))
    assert stamps_of(aino.person_id) == [2]


def test_whatever_is_shown_later_in_the_visit_in_which_the_card_was_claimed_is_that_visit():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programme = programmes.coffee_card(programmes.owner_of(kaisa))
    programmes.takes(aino, programme)
    taps.share(aino, kaisa, "first_name")
    code = code_for(number := blank_card(), kaisa)
    claim_id = claim_card(code, by=aino, at=taps.later(minutes=1))
    number_again = taps.scan(number, occurred_at=taps.later(minutes=2))
    [again] = taps.record([number_again], kaisa, at=taps.later(minutes=2))
    phone = taps.tap(aino, kaisa, at=taps.later(minutes=3))
    repeated = taps.record([number_again], kaisa, at=taps.later(minutes=3))[0]
    assert Visit.objects.count() == 1
    assert {one.outcome for one in (again, phone, repeated)} == {Outcome.IDENTIFIED}
    assert {one.values["first_name"] for one in (again, phone, repeated)} == {"Aino"}
    assert len({one.member_number for one in (again, phone, repeated)}) == 1
    assert phone.stamps is not None
    assert phone.stamps.balance == 1
    undo_claim(claim_id, by=aino, at=taps.later(minutes=4))
    assert taps.tap(aino, kaisa, at=taps.later(minutes=5)).stamps.balance == 1
    assert Visit.objects.count() == 2


def test_of_two_claimed_cards_shown_in_one_visit_one_earns():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))
    codes = [code_for(blank_card(), kaisa), code_for(blank_card(), kaisa, at=taps.later(minutes=2))]
    for code in codes:
        claim_card(code, by=aino, at=taps.later(minutes=5))
    assert stamps_of(aino.person_id) == [1]
