"""T-29: where tills ask for a PIN, each visit says who was on duty, nobody guesses a PIN."""

from dataclasses import replace

import pytest

from kliento.domain.recipients.actions import PinRefused, begin_shift, set_pin
from kliento.domain.visits.models import Visit
from tests import taps
from tests.portal import operator
from tests.world import NOON, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")


def test_threat_29_no_pin_is_compared_once_five_were_wrong() -> None:
    kaisa = kahvila_kaisa()
    tiina = operator(kaisa, "till")
    set_pin("4071", by=tiina, at=NOON)
    for pin in ("8000", "8001", "8002", "8003", "8004", "4071"):
        with pytest.raises(PinRefused):
            begin_shift(tiina.operator_id, pin, by=kaisa.terminal, at=NOON)


def test_threat_29_a_visit_says_who_was_on_duty() -> None:
    kaisa = kahvila_kaisa()
    tiina = operator(kaisa, "till")
    set_pin("4071", by=tiina, at=NOON)
    shift = begin_shift(tiina.operator_id, "4071", by=kaisa.terminal, at=NOON)
    on_duty = replace(kaisa.terminal, operator_id=shift.operator_id)
    taps.hand_in([taps.scan(taps.code_of(taps.aino()))], by=on_duty)
    assert Visit.objects.get().operator_id == tiina.operator_id
