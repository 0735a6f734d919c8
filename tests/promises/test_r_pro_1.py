"""R-PRO-1: everything about oneself, with sources and retention; free; also while restricted."""

import json
from typing import Any

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.domain.consents.actions import give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.inbox.actions import post_message
from kliento.domain.people.models import Person
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import hide_value
from kliento.domain.rights.actions import download
from kliento.domain.visits.actions import NewScan
from kliento.kernel.actor import PersonActor
from kliento.kernel.ids import id_at
from tests import world
from tests.taps import hand_in
from tests.world import NOON

OF_TYPE = {
    "name": "Kaarina",
    "text": "Tavallinen",
    "long_text": "Pitkä teksti",
    "email": "kaarina@example.fi",
    "phone": "+358401234567",
    "date": "1980-02-29",
    "address": "Annankatu 27",
    "size": "39",
}


def every_field() -> dict[str, str]:
    """A value for each field a person keeps."""
    fields = {code: field for code, field in register().fields.items() if field.keeper == "person"}
    return {
        code: next(iter(field.choices), None) or ("00100" if code == "postcode" else OF_TYPE[field.type])
        for code, field in fields.items()
        if field.status == "in_use"
    }


@pytest.fixture
def cafe(db) -> world.Place:
    return world.kahvila_kaisa()


@pytest.fixture
def aino(cafe: world.Place) -> PersonActor:
    person = world.aino()
    give_consent(person.person_id, Choice("special_storage", field="allergies"), by=person, at=NOON)
    world.stores(person, **every_field())
    issue_card(person.person_id, at=NOON)
    world.shares(person, cafe, "first_name")
    [code] = codes_for(person, from_slot=slot_at(NOON))
    hand_in([NewScan(id_at(NOON), code, NOON)], by=cafe.terminal, at=NOON)
    return person


def texts_in(document: dict[str, Any]) -> dict[str, str]:
    return {value["field"]: value["versions"][-1]["text"] for value in document["values"]}


def test_every_stored_value_is_in_it_with_its_source(aino):
    document = download(aino, at=NOON)
    assert texts_in(document) == every_field() | {"login_email": "aino@example.fi"}
    assert {version["source"] for value in document["values"] for version in value["versions"]} == {"person"}


def test_hidden_values_and_earlier_versions_are_in_it(aino):
    world.stores(aino, first_name="Aina")
    hide_value(aino.person_id, "first_name", by=aino, at=NOON)
    [first_name] = [value for value in download(aino, at=NOON)["values"] if value["field"] == "first_name"]
    assert [(version["text"], version["version"], version["hidden"]) for version in first_name["versions"]] == [
        ("Kaarina", 1, False),
        ("Aina", 2, True),
    ]


def test_what_happened_and_what_was_chosen_is_in_it(aino, cafe):
    post_message("secret_changed", person_id=aino.person_id, context={"door": "me"}, at=NOON)
    document = download(aino, at=NOON)
    assert [message["subject"] for message in document["messages"]] == ["The way you sign in has been changed"]
    assert document["card"]["number"] == card_number(aino)
    assert [visit["third_party"] for visit in document["visits"]] == ["Kahvila Kaisa"]
    assert [(row["third_party_id"], row["grants"][0]["field"]) for row in document["relationships"]] == [
        (str(cafe.third_party_id), "first_name")
    ]
    assert {"id": str(cafe.third_party_id), "name": "Kahvila Kaisa"} in document["recipients"]
    assert [consent["field"] for consent in document["consents"]] == ["allergies"]
    assert [entry["number"] for entry in document["entries"]] == list(range(1, len(document["entries"]) + 1))


def test_it_says_for_every_purpose_in_use_why_and_how_long(aino):
    purposes = {purpose["code"]: purpose for purpose in download(aino, at=NOON)["register"]["purposes"]}
    assert set(purposes) == {code for code, purpose in register().purposes.items() if purpose.status == "in_use"}
    assert all(purpose["basis"] and purpose["retention"] and purpose["label"] for purpose in purposes.values())


def test_downloading_is_free_of_limits_and_each_time_entered_before_it_leaves(aino):
    for _ in range(3):
        document = download(aino, at=NOON)
        assert document["entries"][-1]["kind"] == "data_downloaded"
    [newest, *_] = entries_of([aino.person_id])
    assert (newest.kind, newest.purpose, newest.basis) == ("data_downloaded", "rights", "legal_obligation")


def test_a_restricted_person_downloads_the_same(aino):
    before = download(aino, at=NOON)
    Person.objects.filter(id=aino.person_id).update(state="restricted")
    restricted = download(aino, at=NOON)
    assert restricted["person"]["state"] == "restricted"
    assert restricted["values"] == before["values"]


def test_it_is_plain_json_with_a_schema_version_and_holds_nobody_elses_data(aino):
    eino = world.stores(world.eino(), first_name="Eino")
    document = download(aino, at=NOON)
    assert document["schema"] == "kliento/export/1"
    written = json.dumps(document)
    assert all(foreign not in written for foreign in ("Eino", "eino@", str(eino.person_id)))
