"""Who may become a recipient."""

from dataclasses import replace
from datetime import date

import pytest

from kliento.domain.policy.rules.declaration import EEA
from kliento.domain.recipients import rules
from tests.domain.policy.declarations import default_register


@pytest.mark.parametrize(
    ("country", "business_id", "written"),
    [
        ("FI", "2345678-0", "2345678-0"),
        ("FI", "23456780", "2345678-0"),
        ("FI", "2345678-1", None),
        ("FI", "", None),
        ("FI", "Kahvila", None),
        ("SE", "556703-7485", "556703-7485"),
        ("NO", "988 077 917", "988 077 917"),
        ("DE", "not a number", None),
    ],
)
def test_a_business_id_is_checked_as_its_country_does(country, business_id, written):
    assert rules.normal_business_id(business_id, country=country) == written


@pytest.mark.parametrize("country", sorted(EEA))
def test_every_country_of_the_area_has_a_number_to_check(country):
    assert rules.normal_business_id("x", country=country) is None


@pytest.mark.parametrize("country", ["US", "GB", "CH", "RU", "", "F", "finland"])
def test_countries_outside_the_area_are_refused(country):
    obstacle = rules.obstacle_to_adding(name="Shop", country=country, business_id="2345678-0")
    assert obstacle.code == "country_outside_eea"


def test_safeguards_are_open_where_the_declaration_names_the_country_and_adequacy_where_it_says_so():
    kind = default_register().recipient_kinds["third_party"]
    clauses = replace(kind, countries=("EEA", "GB"), transfer_mechanism="standard_contractual_clauses")
    adequate = replace(clauses, transfer_mechanism="adequacy_decision")
    safeguards = {"standard_contractual_clauses", "binding_corporate_rules"}
    assert rules.open_mechanisms("GB", [kind]) == rules.open_mechanisms("GB", [clauses, kind]) == frozenset()
    assert rules.open_mechanisms("GB", []) == frozenset()
    assert rules.open_mechanisms("GB", [clauses, adequate]) == safeguards
    assert rules.open_mechanisms("GB", [adequate]) == safeguards | {"adequacy_decision"} == set(rules.MECHANISMS)


def test_no_arrangement_no_approval():
    today = date(2026, 11, 22)
    assert rules.obstacle_to_approving(country="FI", arrangement=" ", signed_on=today, today=today).code == (
        "arrangement_missing"
    )
    assert rules.obstacle_to_approving(country="FI", arrangement="A", signed_on=None, today=today).code == (
        "arrangement_unsigned"
    )
    assert rules.obstacle_to_approving(country="FI", arrangement="A", signed_on=today, today=today) is None


def test_initials_of_any_name():
    assert [rules.initials_of(name) for name in ("Kahvila Kaisa", "oodi", "— ", "", "Å & Ö oy")] == [
        "KK",
        "O",
        "?",
        "?",
        "ÅÖ",
    ]
