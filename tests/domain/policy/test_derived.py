"""Facts worked out from a value."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.policy.rules import derive
from tests.domain.policy.declarations import default_register

DERIVED = default_register().derived


@pytest.mark.parametrize(
    ("born", "on", "fact"),
    [
        ("2008-11-22", date(2026, 11, 21), "no"),
        ("2008-11-22", date(2026, 11, 22), "yes"),
        ("2008-02-29", date(2026, 2, 28), "no"),
        ("2008-02-29", date(2026, 3, 1), "yes"),
    ],
)
def test_one_is_over_18_from_the_birthday_on(born: str, on: date, fact: str) -> None:
    assert derive(DERIVED["over_18"], born, on=on) == fact


def test_the_month_and_the_postcode_area() -> None:
    assert derive(DERIVED["birthday_month"], "1990-02-14", on=date(2026, 1, 1)) == "02"
    assert derive(DERIVED["postcode_area"], "00250", on=date(2026, 1, 1)) == "002"


@pytest.mark.parametrize(("postcode", "area"), [("111 22", "111"), ("101", "1"), ("7", ""), ("", "")])
def test_an_area_is_never_the_whole_postcode(postcode: str, area: str) -> None:
    assert derive(DERIVED["postcode_area"], postcode, on=date(2026, 1, 1)) == area


@given(born=st.dates(date(1900, 1, 1), date(2026, 1, 1)), on=st.dates(date(2026, 1, 1), date(2090, 1, 1)))
def test_once_over_18_always_over_18(born: date, on: date) -> None:
    if derive(DERIVED["over_18"], born.isoformat(), on=on) == "yes":
        assert derive(DERIVED["over_18"], born.isoformat(), on=on + timedelta(days=1)) == "yes"
