"""R-PUR-1: purposes carry a code, basis, allowed fields, recipient kinds and retention; no others exist."""

import pytest

from kliento.domain.policy.rules import Register, read
from kliento.kernel.errors import Invalid
from tests.domain.policy.declarations import DEFAULT, changed, default_register, mistakes_in


@pytest.fixture
def register() -> Register:
    return default_register()


def test_every_purpose_says_basis_fields_recipients_and_retention(register: Register) -> None:
    for code, purpose in register.purposes.items():
        assert purpose.code == code
        assert purpose.basis in {"contract", "consent", "legitimate_interest", "legal_obligation"}
        assert purpose.fields <= register.fields.keys() | register.derived.keys()
        assert purpose.fields
        assert purpose.recipient_kinds <= register.recipient_kinds.keys()
        assert purpose.retention in register.retention


@pytest.mark.parametrize("key", ["basis", "fields", "retention"])
def test_a_purpose_that_leaves_one_out_is_no_declaration(key: str) -> None:
    lines = DEFAULT.read_text("utf-8").splitlines(keepends=True)
    start = lines.index("[purposes.identification]\n")
    gone = next(number for number in range(start, len(lines)) if lines[number].startswith(f"{key} = "))
    found = mistakes_in("".join(lines[:gone] + lines[gone + 1 :]).encode())
    assert f"purposes.identification.{key}" in {mistake.key for mistake in found}


def test_a_purpose_can_name_only_what_is_declared() -> None:
    document = changed('fields = ["member_number", "visits"]', 'fields = ["member_number", "visits", "star_sign"]')
    assert [str(mistake) for mistake in mistakes_in(document)] == [
        'register.toml: purposes.identification.fields: "star_sign" is not a declared field'
    ]


def test_an_undeclared_purpose_or_field_does_not_exist(register: Register) -> None:
    with pytest.raises(Invalid) as refused:
        register.purpose("curiosity")
    assert refused.value.code == "undeclared_purpose"
    with pytest.raises(Invalid) as refused:
        register.field("star_sign")
    assert refused.value.code == "undeclared_field"


def test_a_special_category_rests_on_consent_alone() -> None:
    document = DEFAULT.read_bytes().replace(
        b'basis = "consent"\nfields = ["allergies"]', b'basis = "contract"\nfields = ["allergies"]'
    )
    assert [mistake.key for mistake in mistakes_in(document)] == ["purposes.special_storage.fields"]


def test_the_source_text_s_purposes_are_declared(register: Register) -> None:
    """Manage and analyse registrations and contact the registered, deliver and improve the Service, provide customer
    service, administer and enable use, understand needs and interests, fulfil requests, personalise; direct
    marketing, opinion and market surveys, planning and development with consent."""
    declared = {code: purpose.basis for code, purpose in register.purposes.items()}
    assert declared.keys() >= {"service", "identification", "improvement", "customer_service", "insight", "rights"}
    assert declared["personalisation"] == "legitimate_interest"
    assert {declared[code] for code in ("direct_marketing", "opinion_surveys", "market_surveys", "planning")} == {
        "consent"
    }
    assert register.purposes["direct_marketing"].channels == ("in_service", "email", "sms")


def test_a_purpose_of_one_s_own_needs_no_code() -> None:
    added = """
[purposes.wine_club]
label = { fi = "Viinikerho", sv = "Vinklubb", en = "Wine club" }
description = { fi = "Kutsumme maistamaan.", sv = "Vi bjuder på provning.", en = "We invite you to tastings." }
basis = "consent"
fields = ["first_name", "email"]
subjects = ["person"]
retention = "until_withdrawn"
status = "planned"
"""
    register = read(DEFAULT.read_bytes() + added.encode(), name="register.toml")
    assert register.purpose("wine_club").fields == {"first_name", "email"}
