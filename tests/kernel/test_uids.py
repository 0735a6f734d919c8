"""The number of a chip, however a reader writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.cards import rules
from kliento.kernel import uids
from kliento.kernel.uids import Unfit

UIDS = st.sampled_from([4, 7, 10]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
BETWEEN = st.sampled_from(["", ":", "-", " ", "."])


@given(UIDS, BETWEEN, st.booleans(), st.sampled_from(["", "0x"]))
def test_a_uid_is_one_number_however_a_reader_writes_it(raw, between, capitals, prefix):
    typed = prefix + raw.hex(between) if between else prefix + raw.hex()
    typed = typed.upper() if capitals else typed
    assert uids.written(typed) == raw.hex().upper()
    assert rules.tidied(f" {typed}\n") == raw.hex().upper()


@given(st.text(max_size=60))
def test_tidying_twice_is_tidying_once(text):
    assert rules.tidied(rules.tidied(text)) == rules.tidied(text)


@given(st.builds(rules.new_number))
def test_no_card_number_is_read_as_a_uid(number):
    assert uids.written(number) is None
    assert rules.tidied(number) == number


@pytest.mark.parametrize(
    "text", ["", "04A2", "04A23B5C6D", "04A23B5C6D7E", "04A23B5C6D7E8", "G4A23B5C", "3735928559", "K2.04A2.04A2.04"]
)
def test_what_has_another_length_or_is_decimal_is_no_uid(text):
    assert uids.written(text) is None


@pytest.mark.parametrize(
    ("uid", "why"),
    [
        ("08A23B5C", Unfit.RANDOM),
        ("88A23B5C", Unfit.PART),
        ("00000000", Unfit.PART),
        ("FFFFFFFFFFFFFF", Unfit.PART),
        ("1FA23B5C", Unfit.SHARED),
        ("04A23B5C", None),
        ("08A23B5C6D7E80", None),
        ("04A23B5C6D7E80", None),
        ("04A23B5C6D7E80910102", None),
    ],
)
def test_a_uid_that_tells_no_chip_from_others_is_named(uid, why):
    assert uids.unfit(uid) == why
