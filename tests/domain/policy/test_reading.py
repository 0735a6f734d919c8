"""The declaration is read whole or refused whole, with every mistake named."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliento.domain.policy.rules import PolicyMistakes, read
from tests.domain.policy.declarations import (
    as_document,
    changed,
    default_content,
    default_register,
    default_text,
    mistakes_in,
)

NAME = 'label = { fi = "Etunimi", sv = "Förnamn", en = "First name" }'


@pytest.mark.parametrize(
    ("before", "after", "key", "reason"),
    [
        ('name = "Kliento Oy"\n', "", "holder.name", "is missing"),
        ('name = "Kliento Oy"', 'name = ""', "holder.name", "is empty"),
        ('name = "Kliento Oy"', "name = 7", "holder.name", "must be a string"),
        ('city = "Helsinki"', 'city = "Helsinki"\ntown = "Espoo"', "holder.town", "unknown key"),
        ("dated = 2026-11-22", "dated = 2026-11-22T10:00:00", "dated", "must be a date"),
        ("dated = 2026-11-22", 'dated = 2026-11-22\nplan = "x"', "plan", "unknown key"),
        (NAME, 'label = { fi = "Etunimi", en = "First name" }', "fields.first_name.label.sv", "is missing"),
        (NAME, 'label = { fi = "Etunimi", sv = "", en = "First name" }', "fields.first_name.label.sv", "is empty"),
        (NAME, 'label = "First name"', "fields.first_name.label", "must be a table"),
        (NAME, NAME.replace("en =", 'de = "Vorname", en ='), "fields.first_name.label.de", "unknown key"),
        ("[contacts.register]", "[contacts.press]", "contacts.register", "is missing"),
        ('email = "support@kliento.net"', 'email = "support"', "contacts.register.email", "not an e-mail address"),
        ("[fields.first_name]", "[fields.First-Name]", "fields.First-Name", "a code is small letters"),
        ('type = "name"', 'type = "naem"', "fields.first_name.type", "is not one of"),
        ('group = "names"', 'group = "nams"', "fields.first_name.group", "not a declared group"),
        ('sources = ["person"]', 'sources = ["hearsay"]', "fields.first_name.sources", "not a declared source"),
        ('sources = ["person"]', "sources = []", "fields.first_name.sources", "comes from somewhere"),
        ("max_length = 100", "max_length = 0", "fields.first_name.max_length", "between 1 and 10000"),
        ("max_length = 100", "max_length = true", "fields.first_name.max_length", "must be a whole number"),
        ('keeper = "person"', 'keeper = "person"\nmandatory = true', "fields.first_name.mandatory", "R-REG-2"),
        ('fields = ["allergies"]', 'fields = ["alergies"]', "purposes.special_storage.fields", "not a declared field"),
        ('fields = ["allergies"]', "fields = []", "purposes.special_storage.fields", "without fields"),
        ('"preferences", "favourite_products"', '"allergies"', "purposes.service.fields", "the basis must be consent"),
        ('at_till = ["member_number"]', 'at_till = ["phone"]', "purposes.identification.at_till", "of this purpose"),
        ('retention = "while_shared"', 'retention = "ever"', "purposes.serving.retention", "not a declared retention"),
        ('["third_party"]', '["anyone"]', "purposes.identification.recipient_kinds", "not a declared recipient kind"),
        ('channels = ["in_service"', 'channels = ["pigeon"', "purposes.direct_marketing.channels", "declared channel"),
        ('channels = ["email", "sms"]', 'channels = ["sms", "sms"]', "purposes.partner_marketing.channels", "once"),
        ('reason = { fi = "Laki, johon', 'raison = { fi = "Laki, johon', "purposes.authority.reason", "which law?"),
        ('countries = ["EEA"]', 'countries = ["US"]', "recipient_kinds.third_party.countries", "outside the EEA"),
        ('countries = ["EEA"]', 'countries = ["Suomi"]', "recipient_kinds.third_party.countries", "two capitals"),
        ('country = "FI"', 'country = "US"', "holder.country", "outside the EEA"),
        ("parameter = 18\n", "", "derived.over_18.parameter", "years for over_age"),
        ('of = "birth_date"', 'of = "age"', "derived.over_18.of", "not a declared field"),
        ('of = "birth_date"', 'of = "postcode"', "derived.over_18.of", "worked out from a date"),
        ('of = "postcode"', 'of = "allergies"', "derived.postcode_area.of", "special category"),
        ('of = "postcode"', 'of = "login_email"', "derived.postcode_area.of", "a value the person keeps"),
        ('at_till = ["first_name"', 'at_till = ["over_65"', "purposes.serving.at_till", "not a declared field"),
        ('url = "https://', 'url = "http://', "supervisor.url", "https"),
        ("reviews = []", 'reviews = [{ by = "Me" }]', "reviews[0].role", "is missing"),
        ('[terms]\nversion = "1"', "[terms]", "terms.version", "is missing"),
        ("[groups]", "[groups]\nodd = 3", "groups.odd", "must be a table"),
        ('stops = ["insight"]', 'stops = ["inside"]', "objections.insight.stops", "not a declared purpose"),
        ('stops = ["insight"]', "stops = []", "objections.insight.stops", "stops nothing"),
        ('stops = ["insight"]', 'stops = ["service"]', "objections.insight.stops", "rests on contract"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_reason(before: str, after: str, key: str, reason: str) -> None:
    found = mistakes_in(changed(before, after))
    assert [each for each in found if each.key == key and reason in each.reason], found
    assert {each.file for each in found} == {"register.toml"}


def test_marketing_by_partners_without_an_objection_to_it_is_a_mistake() -> None:
    found = mistakes_in(default_text().replace(', "partner_marketing"', "").encode())
    assert [each.key for each in found] == ["purposes.partner_marketing"]


def test_every_mistake_is_named_at_once() -> None:
    text = default_text().replace('city = "Helsinki"\n', "", 1).replace('type = "phone"', 'type = "fax"', 1)
    found = mistakes_in(
        text.replace('[rights.access]\nlabel = { fi = "Nähdä tietosi", ', "[rights.access]\nlabel = { ", 1).encode()
    )
    assert [each.key for each in found] == ["holder.city", "fields.phone.type", "rights.access.label.fi"]


def test_a_field_no_purpose_uses_is_refused() -> None:
    text = default_text() + '\n[fields.star_sign]\nlabel = { fi = "x", sv = "x", en = "x" }\n'
    text += 'group = "about"\ntype = "text"\nkeeper = "person"\nsources = ["person"]\nstatus = "in_use"\n'
    assert [str(each) for each in mistakes_in(text.encode())] == ["register.toml: fields.star_sign: no purpose uses it"]


def test_a_country_outside_the_eea_is_accepted_with_a_transfer_mechanism() -> None:
    mechanism = 'countries = ["EEA", "JP"]\ntransfer_mechanism = "adequacy_decision"'
    assert mistakes_in(changed('countries = ["EEA"]', mechanism)) == []


@pytest.mark.parametrize("document", [b"\xff\xfe", b"a = ", b"= 1", b"a = 1\na = 2"])
def test_what_is_not_toml_is_one_mistake(document: bytes) -> None:
    assert [(each.key, "is not TOML" in each.reason) for each in mistakes_in(document)] == [("(document)", True)]


def test_an_empty_document_lacks_everything() -> None:
    assert {"dated", "holder", "purposes", "fields", "terms"} <= {each.key for each in mistakes_in(b"")}


def test_the_version_ignores_layout_and_reviews_and_notices_all_else() -> None:
    version = default_register().version
    review = f'reviews = [{{ by = "Liisa Laki", role = "Data protection officer", on = 2026-11-23, of = "{version}" }}]'
    reviewed = read(changed("reviews = []", f"{review} # read in full"), name="register.toml")
    assert (reviewed.version, reviewed.reviewed) == (version, True)
    altered = read(changed("reviews = []", review).replace(b'"Etunimi"', b'"Nimi"', 1), name="register.toml")
    assert altered.version != version
    assert not altered.reviewed


def places_in(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value of a document."""
    for name, value in content.items() if isinstance(content, dict) else enumerate(content):
        yield (*place, name)
        if isinstance(value, dict | list):
            yield from places_in(value, (*place, name))


CONTENT = default_content()
PLACES = list(places_in(CONTENT))
JUNK = st.one_of(
    st.text(max_size=5), st.integers(), st.booleans(), st.just([]), st.just({}), st.just(["x"]), st.just({"x": 1})
)


@given(place=st.sampled_from(PLACES), junk=JUNK)
def test_no_document_breaks_the_reading(place: tuple[Any, ...], junk: Any) -> None:
    content = copy.deepcopy(CONTENT)
    inner = content
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = junk
    try:
        read(as_document(content), name="register.toml")
    except PolicyMistakes as wrong:
        assert all(each.key and each.reason for each in wrong.mistakes)  # noqa: PT017


@given(place=st.sampled_from([place for place in PLACES if isinstance(place[-1], str)]))
def test_what_is_left_out_is_read_as_absent_or_named(place: tuple[Any, ...]) -> None:
    content = copy.deepcopy(CONTENT)
    inner = content
    for name in place[:-1]:
        inner = inner[name]
    del inner[place[-1]]
    for mistake in mistakes_in(as_document(content)):
        assert mistake.key
