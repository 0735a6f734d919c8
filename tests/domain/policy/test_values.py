"""What is taken as a value, how it is written for keeping, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu

from kliento.domain.policy.rules import check_value, contains_identity_code
from kliento.kernel.errors import Invalid
from tests.domain.policy.declarations import default_register

FIELDS = default_register().fields
TODAY = date(2026, 11, 22)


def refusal_of(field: str, text: str) -> str:
    with pytest.raises(Invalid) as refused:
        check_value(FIELDS[field], text, on=TODAY)
    assert refused.value.pointer == field
    return refused.value.code


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("first_name", "  Aino ", "Aino"),
        ("first_name", "Ma\u0308rta", "Märta"),
        ("first_name", "نور 𓀀", "نور 𓀀"),
        ("last_name", "O’Brien-von Wright", "O’Brien-von Wright"),
        ("phone", "040 123 4567", "+358401234567"),
        ("phone", "050123-4567", "+358501234567"),
        ("phone", "+46 8 123 456 78", "+46812345678"),
        ("email", "Aino.Virtanen@Example.FI", "Aino.Virtanen@example.fi"),
        ("email", "åke@sähköposti.fi", "åke@sähköposti.fi"),
        ("birth_date", "14.2.1990", "1990-02-14"),
        ("birth_date", "1990-02-14", "1990-02-14"),
        ("gender", "female", "female"),
        ("interests", "reading, food,food", "food,reading"),
        ("clothes_size", "W32 L34", "W32 L34"),
        ("shoe_size", "42,5", "42,5"),
        ("preferences", "Ikkunapöytä\r\nKauramaito", "Ikkunapöytä\nKauramaito"),
    ],
)
def test_a_value_is_kept_in_one_form(field: str, written: str, kept: str) -> None:
    assert check_value(FIELDS[field], written, on=TODAY) == kept


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("first_name", "", "empty"),
        ("first_name", " \u00a0\t ", "empty"),
        ("first_name", "A" * 10_000, "too_long"),
        ("first_name", "Aino\x00", "control_characters"),
        ("first_name", "Ai\nno", "control_characters"),
        ("first_name", "Ai\u202eno", "control_characters"),
        ("preferences", "a\x1b[31m", "control_characters"),
        ("email", "aino@", "not_email"),
        ("email", "aino", "not_email"),
        ("email", "aino@localhost", "not_email"),
        ("email", "a b@example.com", "not_email"),
        ("email", "a..b@example.com", "not_email"),
        ("email", "aino@-example.com", "not_email"),
        ("email", "aino@example.com,liisa@example.com", "not_email"),
        ("phone", "12", "not_phone"),
        ("phone", "aino", "not_phone"),
        ("phone", "040 123 4567 ext 5", "not_phone"),
        ("birth_date", "31.2.1990", "not_date"),
        ("birth_date", "yesterday", "not_date"),
        ("birth_date", "1.1.1700", "not_date"),
        ("birth_date", "2026-11-23", "date_in_future"),
        ("gender", "Female", "not_a_choice"),
        ("interests", "food,gambling", "not_a_choice"),
        ("interests", ",", "not_a_choice"),
        ("clothes_size", "<b>", "not_size"),
        ("user_id", "anything", "not_yours_to_write"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(field: str, written: str, code: str) -> None:
    assert refusal_of(field, written) == code


@given(field=st.sampled_from(sorted(FIELDS)), text=st.text(max_size=60))
def test_what_is_kept_stays_as_it_is(field: str, text: str) -> None:
    try:
        kept = check_value(FIELDS[field], text, on=TODAY)
    except Invalid:
        return
    assert check_value(FIELDS[field], kept, on=TODAY) == kept


def identity_code(born: date, individual: int, sign: str) -> str:
    digits = f"{born:%d%m%y}{individual:03d}"
    return f"{born:%d%m%y}{sign}{individual:03d}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(digits) % 31]}"


SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}
CODES = st.builds(
    lambda born, individual, pick: identity_code(
        born, individual, SIGNS[born.year // 100][pick % len(SIGNS[born.year // 100])]
    ),
    st.dates(date(1800, 1, 1), date(2099, 12, 31)),
    st.integers(2, 999),
    st.integers(0, 99),
)


@given(code=CODES, before=st.text(max_size=10), after=st.text(max_size=10))
def test_an_identity_code_is_found_wherever_it_stands(code: str, before: str, after: str) -> None:
    assert contains_identity_code(before + code + after)
    assert contains_identity_code(code.lower())


@given(code=CODES)
def test_an_identity_code_does_not_hide_behind_other_characters(code: str) -> None:
    assert contains_identity_code(code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}))
    assert contains_identity_code(code.translate({ord(str(n)): chr(0x0660 + n) for n in range(10)}))
    assert contains_identity_code(f"{code[:6]} {code[6]} {code[7:]}")
    assert contains_identity_code(f"{code[:3]}\u200b{code[3:]}")
    assert contains_identity_code(code.replace("-", "\u2013"))


@given(code=CODES, wrong=st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"))
def test_a_wrong_check_character_is_no_identity_code(code: str, wrong: str) -> None:
    other = code[:-1] + wrong
    assert contains_identity_code(other) == hetu.is_valid(other, allow_temporary=True)


@pytest.mark.parametrize("text", ["", "Aino", "FI21 1234 5600 0007 85", "1234567-1", "040 123 4567", "2026-11-22"])
def test_ordinary_text_is_no_identity_code(text: str) -> None:
    assert not contains_identity_code(text)
