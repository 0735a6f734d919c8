"""Card codes, without a database."""

import base64
import string
from datetime import UTC, datetime, timedelta

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.cards import rules
from kliento.domain.cards.rules import CodeKeys, Freshness
from kliento.kernel import crockford

KEYS = CodeKeys(token=bytes(range(32)), signing=bytes(range(32, 64)))
ORDINALS = st.integers(0, 2**63 - 1)
SLOTS = st.integers(0, 2**30 - 1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(ORDINALS, SLOTS)
def test_a_rotating_code_reads_back_as_its_card_and_slot(ordinal, slot):
    read = rules.read_rotating(rules.rotating_code(ordinal, slot, keys=KEYS), keys=KEYS)
    assert (read.ordinal, read.slot) == (ordinal, slot)


@given(ORDINALS, SLOTS)
def test_a_code_can_be_computed_again(ordinal, slot):
    assert rules.rotating_code(ordinal, slot, keys=KEYS) == rules.rotating_code(ordinal, slot, keys=KEYS)


def test_two_codes_of_one_card_share_nothing_that_two_of_different_cards_do_not():
    tokens = [rules.rotating_code(7, slot, keys=KEYS).split(".")[2] for slot in range(100)]
    assert len(set(tokens)) == 100
    for place in range(len(tokens[0])):
        assert len({token[place] for token in tokens}) > 1


@given(ORDINALS, SLOTS, st.data())
def test_a_code_changed_in_any_symbol_is_none_of_ours(ordinal, slot, data):
    code = rules.rotating_code(ordinal, slot, keys=KEYS)
    before_signature = code.rindex(".")
    place = data.draw(st.integers(3, before_signature - 1))
    symbol = data.draw(st.sampled_from(string.ascii_uppercase + string.digits))
    changed = code[:place] + symbol + code[place + 1 :]
    assert changed == code or rules.read_rotating(changed, keys=KEYS) is None


def test_another_instances_code_is_none_of_ours():
    foreign = CodeKeys(token=KEYS.token, signing=bytes(32))
    assert rules.read_rotating(rules.rotating_code(7, 8, keys=foreign), keys=KEYS) is None


@given(st.text(max_size=300))
def test_any_text_is_tidied_and_read_without_failing(text):
    tidy = rules.tidied(text)
    assert tidy == rules.tidied(tidy)
    assert rules.read_rotating(tidy, keys=KEYS) is None


def test_a_code_survives_scanners_that_type_small_letters_and_spaces():
    code = rules.rotating_code(7, 8, keys=KEYS)
    assert rules.tidied(f"  {code.lower()}\r\n") == code


def test_a_code_fits_a_qr_code_of_41_modules_that_stands_some_dirt():
    code = rules.rotating_code(2**63 - 1, rules.slot_at(NOON), keys=KEYS)
    assert len(code) == 153
    assert set(code) <= set(string.ascii_uppercase + string.digits + ".")
    assert segno.make(code, error="m", micro=False).designator == "6-M"


def test_a_till_can_check_a_code_with_the_public_key_alone():
    code = rules.rotating_code(7, 8, keys=KEYS)
    signed, signature = code.rsplit(".", 1)
    Ed25519PublicKey.from_public_bytes(rules.public_key(KEYS)).verify(
        base64.b32decode(signature + "="), signed.encode()
    )


def test_freshness_is_one_slot_and_the_one_after():
    slot = rules.slot_at(NOON)
    after = {
        seconds: rules.freshness(slot, shown_at=NOON + timedelta(seconds=seconds)) for seconds in (-31, -1, 59, 60)
    }
    assert list(after.values()) == [Freshness.TOO_EARLY, Freshness.FRESH, Freshness.FRESH, Freshness.EXPIRED]


def test_a_card_number_is_typed_as_people_type():
    number = rules.new_number()
    assert rules.is_number(number)
    typed = rules.number_for_reading(number).lower().replace("0", "o").replace("1", "l")
    assert rules.tidied(typed) == number


@given(st.data())
def test_the_check_symbol_finds_every_single_slip(data):
    number = rules.new_number()
    place = data.draw(st.integers(2, len(number) - 1))
    other = data.draw(st.sampled_from(crockford.ALPHABET.replace(number[place], "")))
    assert not rules.is_number(number[:place] + other + number[place + 1 :])
