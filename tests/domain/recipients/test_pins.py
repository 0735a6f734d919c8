"""A PIN at the till: chosen by the operator, compared at most five times in a row, whoever tries and how fast."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from kliento.domain.recipients import rules
from kliento.domain.recipients.actions import PinRefused, begin_shift, change_role, end_operator, set_pin
from kliento.domain.recipients.models import Operator, OperatorAct
from kliento.domain.recipients.queries import on_duty, openers_of
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from tests.portal import operator
from tests.world import NOON, Place, kahvila_kaisa, kuntosali_kunto

PIN = "4071"


def has_pin(place: Place, role: str = "till", pin: str = PIN):
    who = operator(place, role, address=f"{role}@example.fi")
    set_pin(pin, by=who, at=NOON)
    return who


def tries(who, place: Place, pin: str, *, at=NOON) -> str:
    try:
        begin_shift(who.operator_id, pin, by=place.terminal, at=at)
    except PinRefused as refusal:
        return f"until {refusal.until - at}" if refusal.until else "wrong"
    return "open"


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "89012", "1212", "123123", "2580", "1987", "2026", "77777777"])
def test_a_pin_that_is_tried_first_is_too_easy(pin: str) -> None:
    assert rules.too_easy(pin)


@pytest.mark.parametrize("pin", ["4071", "90317", "5512", "19871206", "8068"])
def test_others_are_not(pin: str) -> None:
    assert not rules.too_easy(pin)


@pytest.mark.parametrize("pin", ["", "407", "407140714", "40a1", "٤٠٧١", " 4071", "40 71"])
def test_four_to_eight_digits_are_a_pin(pin: str) -> None:
    assert not rules.is_pin(pin)


def test_the_wait_doubles_and_ends_somewhere() -> None:
    waits = [rules.wait_after(failures) for failures in range(9)]
    assert waits == [None] * 5 + [timedelta(minutes=each) for each in (1, 2, 4, 8)]
    assert rules.wait_after(40) == rules.wait_after(400) == timedelta(minutes=1024)


def test_the_right_pin_opens_the_till_and_counts_anew(db) -> None:
    kaisa = kahvila_kaisa()
    tiina = has_pin(kaisa)
    assert [tries(tiina, kaisa, "1111") for _ in range(4)] == ["wrong"] * 4
    assert tries(tiina, kaisa, PIN) == "open"
    assert [tries(tiina, kaisa, "1111") for _ in range(4)] == ["wrong"] * 4


def test_five_wrong_ones_shut_that_operator_out_and_nobody_else(db) -> None:
    kaisa = kahvila_kaisa()
    tiina, mari = has_pin(kaisa), has_pin(kaisa, "manager", "90317")
    assert [tries(tiina, kaisa, "1111") for _ in range(5)] == ["wrong"] * 4 + ["until 0:01:00"]
    assert tries(tiina, kaisa, PIN, at=NOON + timedelta(seconds=59)) == "until 0:00:01"
    assert tries(mari, kaisa, "90317") == "open"
    later = NOON + timedelta(seconds=60)
    assert tries(tiina, kaisa, "1111", at=later) == "until 0:02:00"
    assert tries(tiina, kaisa, PIN, at=later + timedelta(minutes=2)) == "open"
    acts = OperatorAct.objects.filter(act="pin_locked").values_list("operator_id", "reference")
    assert list(acts) == [(tiina.operator_id, str(kaisa.terminal.terminal_id))] * 2


def test_a_new_pin_ends_the_wait_and_closes_what_the_old_one_opened(db) -> None:
    kaisa = kahvila_kaisa()
    tiina = has_pin(kaisa)
    shift = begin_shift(tiina.operator_id, PIN, by=kaisa.terminal, at=NOON)
    assert on_duty(shift.operator_id, shift.mark, third_party_id=kaisa.third_party_id).role == "till"
    for _ in range(5):
        tries(tiina, kaisa, "1111")
    set_pin("90317", by=tiina, at=NOON)
    with pytest.raises(NotFound):
        on_duty(shift.operator_id, shift.mark, third_party_id=kaisa.third_party_id)
    assert tries(tiina, kaisa, PIN) == "wrong"
    assert tries(tiina, kaisa, "90317") == "open"


def test_whoever_works_there_no_more_opens_no_till_and_leaves_no_pin(db) -> None:
    kaisa = kahvila_kaisa()
    owner, tiina, mari = operator(kaisa), has_pin(kaisa), has_pin(kaisa, "manager")
    shifts = [begin_shift(one.operator_id, PIN, by=kaisa.terminal, at=NOON) for one in (tiina, mari)]
    end_operator(tiina.operator_id, by=owner, at=NOON)
    change_role(mari.operator_id, "analyst", by=owner, at=NOON)
    assert openers_of(kaisa.third_party_id) == []
    assert Operator.objects.get(id=tiina.operator_id).pin == ""
    for shift in shifts:
        with pytest.raises(NotFound):
            on_duty(shift.operator_id, shift.mark, third_party_id=kaisa.third_party_id)
        with pytest.raises(NotFound):
            begin_shift(shift.operator_id, PIN, by=kaisa.terminal, at=NOON)


def test_a_pin_opens_ones_own_companys_tills_alone(db) -> None:
    kaisa, gym = kahvila_kaisa(), kuntosali_kunto()
    tiina = has_pin(kaisa)
    with pytest.raises(NotFound):
        begin_shift(tiina.operator_id, PIN, by=gym.terminal, at=NOON)
    with pytest.raises(NotFound):
        on_duty(
            tiina.operator_id, rules.mark_of(Operator.objects.get(pin__gt="").pin), third_party_id=gym.third_party_id
        )


def test_a_pin_is_kept_as_a_slow_hash_and_refused_when_it_is_none(db) -> None:
    kaisa = kahvila_kaisa()
    tiina = has_pin(kaisa)
    assert PIN not in Operator.objects.get(id=tiina.operator_id).pin
    for pin, code in (("1234", "pin_easy"), ("40 71", "pin_invalid")):
        with pytest.raises(Invalid) as refusal:
            set_pin(pin, by=tiina, at=NOON)
        assert refusal.value.code == code
    with pytest.raises(NotAllowed):
        set_pin(PIN, by=operator(kaisa, "analyst", address="anna@example.fi"), at=NOON)


def test_of_many_at_once_five_are_compared(db) -> None:
    kaisa = kahvila_kaisa()
    tiina = has_pin(kaisa)

    def guess(number: int) -> str:
        try:
            begin_shift(tiina.operator_id, f"{8000 + number}", by=kaisa.terminal, at=NOON)
        except PinRefused as refusal:
            return str(refusal.message)
        finally:
            connections.close_all()
        return "open"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(24)))
    assert (answers.count("This is not your PIN."), answers.count("Too many wrong PINs.")) == (5, 19)
    assert Operator.objects.get(id=tiina.operator_id).pin_failures == 5
    assert OperatorAct.objects.filter(act="pin_locked").count() == 1
    assert tries(tiina, kaisa, PIN) == "until 0:01:00"
