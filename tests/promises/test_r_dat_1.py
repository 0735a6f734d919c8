"""R-DAT-1: the field catalogue holds all the description names, and a register holder adds fields without code."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from kliento.domain.policy.rules import check_value, read
from tests.domain.policy.declarations import DEFAULT, default_register

CATALOGUE = {
    "names": "first_name last_name nickname",
    "address": "street_address postcode city country",
    "phones and e-mails": "phone second_phone email second_email login_email",
    "identifiers": "user_id username other_personal_id",
    "background": "birth_date gender title profession mother_tongue",
    "likes": "preferences favourite_products clothes_size shoe_size allergies interests feedback",
    "orders": "billing_details product_details delivery_details",
    "the rest": "prize_draw_answers usage activity marketing_permitted marketing_declined",
}
ADDED = """
[fields.coffee_order]
label = { fi = "Kahvitilaus", sv = "Kaffebeställning", en = "Usual coffee" }
group = "likes"
type = "text"
max_length = 20
keeper = "person"
sources = ["person"]
status = "in_use"
"""


@pytest.mark.parametrize("kind", CATALOGUE)
def test_the_catalogue_has_every_item_of_the_description(kind: str) -> None:
    assert set(CATALOGUE[kind].split()) <= default_register().fields.keys()


def test_every_field_is_named_in_three_languages_and_has_a_source() -> None:
    register = default_register()
    for field in register.fields.values():
        assert field.label.fi
        assert field.label.sv
        assert field.label.en
        assert field.sources
        assert field.group in register.groups


def test_only_the_sign_in_identifier_is_mandatory() -> None:
    assert [code for code, field in default_register().fields.items() if field.mandatory] == ["login_email"]


def declaration_with_a_field_of_its_own(folder: Path) -> Path:
    path = folder / "register.toml"
    text = DEFAULT.read_text("utf-8").replace(
        '"preferences", "favourite_products"', '"preferences", "coffee_order", "favourite_products"'
    )
    path.write_text(text + ADDED, "utf-8")
    return path


def test_a_field_is_added_without_code(tmp_path: Path) -> None:
    register = read(declaration_with_a_field_of_its_own(tmp_path).read_bytes(), name="register.toml")
    kept = check_value(register.field("coffee_order"), " Tumma, kauramaito ", on=date(2026, 11, 22))
    assert kept == "Tumma, kauramaito"
    assert "coffee_order" in register.purpose("service").fields


@pytest.mark.parametrize(
    ("language", "label"), [("fi", "Kahvitilaus"), ("sv", "Kaffebeställning"), ("en", "Usual coffee")]
)
def test_an_added_field_stands_in_the_register_description(
    client: Client, settings: Settings, tmp_path: Path, db: object, language: str, label: str
) -> None:
    settings.KLIENTO_POLICY = declaration_with_a_field_of_its_own(tmp_path)
    page = client.get("/register-description", {"language": language}).content.decode()
    assert label in page
