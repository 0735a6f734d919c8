"""R-TRF-1: every recipient has a country; outside the European Economic Area a transfer mechanism, or refusal."""

from datetime import date

import pytest

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import in_eea, read
from kliento.domain.recipients.actions import add_third_party, approve_third_party
from kliento.domain.recipients.models import ThirdParty
from kliento.kernel.errors import KlientoError
from tests.domain.policy.declarations import changed, default_register, mistakes_in
from tests.world import NOON, REGISTER_HOLDER

OUTSIDE = ["US", "GB", "CH", "JP", "RU", "IN", "AX", "UK", "EU", "XX", "F", ""]
KIND = "[recipient_kinds.{}]"


def added(country: str, business_id: str = "1234567-1") -> ThirdParty:
    return add_third_party(name="Kauppa", business_id=business_id, country=country, by=REGISTER_HOLDER, at=NOON)


def approved(third_party: ThirdParty) -> None:
    approve_third_party(
        third_party.id, arrangement="Each its own.", signed_on=date(2026, 1, 7), by=REGISTER_HOLDER, at=NOON
    )


@pytest.mark.parametrize("country", OUTSIDE)
def test_nobody_outside_is_added(db, country):
    with pytest.raises(KlientoError) as refused:
        added(country)
    assert refused.value.code == "country_outside_eea"
    assert not ThirdParty.objects.exists()


def test_who_is_inside_is_added_and_approved(db):
    approved(added("FI"))
    assert ThirdParty.objects.get().state == ThirdParty.State.APPROVED


@pytest.mark.parametrize("country", OUTSIDE)
def test_who_has_moved_outside_since_is_not_approved(db, country):
    third_party = added("FI")
    ThirdParty.objects.update(country=country)
    with pytest.raises(KlientoError) as refused:
        approved(third_party)
    assert refused.value.code == "country_outside_eea"
    assert ThirdParty.objects.get().state == ThirdParty.State.DRAFT


# --- the declaration


def with_countries(kind: str, countries: str) -> bytes:
    """The default declaration, saying this of where recipients of that kind are."""
    before, after = changed(KIND.format(kind), KIND.format(kind)).decode().split(KIND.format(kind))
    return (before + KIND.format(kind) + after.replace('countries = ["EEA"]\n', countries, 1)).encode()


@pytest.mark.parametrize("kind", default_register().recipient_kinds)
def test_every_kind_of_recipient_says_where_it_is(kind):
    for said in ("", "countries = []\n"):
        assert {each.key for each in mistakes_in(with_countries(kind, said))} == {f"recipient_kinds.{kind}.countries"}


@pytest.mark.parametrize("kind", default_register().recipient_kinds)
@pytest.mark.parametrize("countries", ['["US"]', '["EEA", "US"]', '["FI", "GB"]'])
def test_outside_without_a_mechanism_is_no_declaration(kind, countries):
    found = mistakes_in(with_countries(kind, f"countries = {countries}\n"))
    assert [each.key for each in found] == [f"recipient_kinds.{kind}.countries"]
    assert "outside the EEA" in found[0].reason


def test_outside_with_a_mechanism_the_law_knows_can_be_declared():
    for mechanism in ("adequacy_decision", "standard_contractual_clauses", "binding_corporate_rules"):
        declared = with_countries("provider", f'countries = ["US"]\ntransfer_mechanism = "{mechanism}"\n')
        assert read(declared, name="register.toml").recipient_kinds["provider"].transfer_mechanism == mechanism
    assert mistakes_in(with_countries("provider", 'countries = ["US"]\ntransfer_mechanism = "good_friends"\n'))


def test_the_notice_says_where_each_kind_of_recipient_is(db, client):
    said = client.get("/register-description", {"language": "en"}).content.decode()
    section = said.split('id="recipients"')[1].split("</section>")[0]
    assert section.count("European Economic Area") == len(register().recipient_kinds)


def test_the_eea_is_the_union_with_iceland_liechtenstein_and_norway():
    assert all(in_eea(country) for country in ("FI", "SE", "DE", "IS", "LI", "NO"))
    assert not any(in_eea(country) for country in OUTSIDE)
