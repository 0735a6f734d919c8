"""R-VIS-4: without grants the third party sees a pairwise member number and the visit, nothing else."""

import pytest

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.rules import slot_at
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.policy.queries import register
from kliento.domain.visits.actions import NewScan
from kliento.kernel.ids import id_at
from tests.taps import hand_in
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto, stores

VALUES = {"first_name": "Aino", "nickname": "Ansku", "phone": "040 123 4567", "city": "Helsinki"}


def visit(me, place, *, minute: int = 0):
    at = NOON.replace(minute=minute)
    [code] = codes_for(me, from_slot=slot_at(at))
    [result] = hand_in([NewScan(id_at(at), code, at)], by=place.terminal, at=at)
    return result


@pytest.fixture
def me(db):
    """Aino with a card and several values, sharing none of them."""
    aino_with_values = stores(aino(), **VALUES)
    issue_card(aino_with_values.person_id, at=NOON)
    return aino_with_values


def test_a_tap_gives_a_number_and_the_visit_and_no_value(me):
    result = visit(me, kahvila_kaisa())
    assert result.outcome == "identified"
    assert len(result.member_number) == 8
    assert result.visit_id is not None
    assert result.values == {}


def test_asking_for_everything_after_the_visit_gives_nothing(me):
    kaisa = kahvila_kaisa()
    visit(me, kaisa)
    with pytest.raises(Refused):
        disclose(
            me.person_id,
            to=ThirdPartyRecipient(kaisa.third_party_id),
            purpose="serving",
            fields=sorted(register().purpose("serving").fields),
            at=NOON,
        )


def test_the_number_is_the_same_at_one_and_another_elsewhere(me):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    first, again, elsewhere = visit(me, kaisa), visit(me, kaisa, minute=30), visit(me, kunto, minute=45)
    assert first.member_number == again.member_number != elsewhere.member_number
    assert first.visit_id != again.visit_id


def test_nothing_in_the_number_comes_from_the_person(me):
    numbers = {visit(me, kahvila_kaisa()).member_number, visit(me, kuntosali_kunto(), minute=1).member_number}
    digits = {str(me.person_id.int), str(me.account_id.int), me.person_id.hex, me.account_id.hex}
    assert not any(number in text for number in numbers for text in digits)
