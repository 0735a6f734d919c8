"""R-DEL-1, leaving: values deleted, keys destroyed, facts in the erased shape; nothing planted is found afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest

from kliento.domain.cards.actions import codes_for, issue_card
from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import slot_at
from kliento.domain.gate.actions import ThirdPartyRecipient, disclose, own_values
from kliento.domain.inbox.actions import post_message
from kliento.domain.outbox.actions import work_off
from kliento.domain.rights.actions import close_account
from kliento.domain.sharing.queries import relationship_by_number
from kliento.domain.vault.actions import index
from kliento.domain.vault.models import DataKey, Value
from kliento.domain.vault.queries import data_keys, open_values, sealed_values
from kliento.domain.visits.actions import NewScan
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import KlientoError, NotFound
from kliento.kernel.ids import id_at
from tests import canary, world
from tests.databases import Databases
from tests.taps import hand_in
from tests.world import NOON

ADDRESS = "kanaria.lahtee@linnut.example"
VALUES = {"first_name": "Kanarialintunen", "phone": "+358401239876", "feedback": "Kanariansaarten terveiset"}
# What may still name the person afterwards: that they were erased, and nothing else.
TOMBSTONES = {"default: people_person", "default: activity_cover"}


@pytest.fixture
def cafe(db: Databases) -> world.Place:
    return world.kahvila_kaisa()


@pytest.fixture
def leaving(cafe: world.Place) -> PersonActor:
    person = world.stores(world.person(ADDRESS), **VALUES)
    issue_card(person.person_id, at=NOON)
    world.shares(person, cafe, "first_name", "phone")
    post_message("secret_changed", person_id=person.person_id, context={"door": "me"}, at=NOON)
    [code] = codes_for(person, from_slot=slot_at(NOON))
    [result] = hand_in([NewScan(id_at(NOON), code, NOON)], by=cafe.terminal, at=NOON)
    assert result.values["first_name"] == VALUES["first_name"]
    return person


def tables_naming(*wanted: str | bytes) -> set[str]:
    """Tables in which one of these ids or indexes stands, whatever the engine's way of writing it."""
    forms = [form.encode() if isinstance(form, str) else form for form in wanted]
    return {place for place, content in canary.tables() if any(form in content for form in forms)}


def ways_to_write(identifier: UUID) -> tuple[str, str, bytes]:
    return str(identifier), identifier.hex, identifier.bytes


def test_nothing_planted_is_found_and_no_key_opens_what_somebody_kept(leaving: PersonActor, db: Databases) -> None:
    owners = [leaving.person_id, leaving.account_id]
    kept = sealed_values(owners)
    wrapped = [bytes(row.wrapped) for row in DataKey.objects.filter(owner_id__in=owners)]
    assert {value.field for value in kept} == {*VALUES, "login_email"}
    assert len(wrapped) == 2
    close_account(leaving, language="fi", at=NOON)
    work_off(at=NOON)
    assert canary.finds(VALUES | {"address": ADDRESS}, db) == []
    assert not Value.objects.filter(owner_id__in=owners).exists()
    with pytest.raises(NotFound):
        open_values(kept, data_keys(owners))
    kept_on_disk = b"".join(content for place, content in canary.files(db) if "keys.sqlite3" in place)
    assert [key for key in wrapped if key in kept_on_disk] == []


def test_no_table_names_the_person_the_address_or_the_card(leaving: PersonActor) -> None:
    number = card_number(leaving)
    indexes = [index("email", ADDRESS), index("card", number)]
    ids = [*ways_to_write(leaving.person_id), *ways_to_write(leaving.account_id)]
    traces = [*ids, *indexes, *(found.hex() for found in indexes)]
    assert len(tables_naming(*traces)) > 8
    close_account(leaving, language="fi", at=NOON)
    work_off(at=NOON)
    assert tables_naming(*traces) - TOMBSTONES == set()


def test_nobody_is_served_anything_any_more(leaving: PersonActor, cafe: world.Place) -> None:
    number = card_number(leaving)
    close_account(leaving, language="fi", at=NOON)
    later = NOON + timedelta(minutes=20)
    [scan] = hand_in([NewScan(id_at(later), number, later)], by=cafe.terminal, at=later)
    assert (scan.outcome, scan.values, scan.member_number) == ("unknown", {}, None)
    with pytest.raises(KlientoError):
        own_values(leaving)
    with pytest.raises(KlientoError):
        disclose(
            leaving.person_id,
            to=ThirdPartyRecipient.at(cafe.terminal),
            purpose="serving",
            fields=["first_name"],
            at=later,
        )


def test_the_member_number_leads_nowhere(leaving: PersonActor, cafe: world.Place) -> None:
    later = NOON + timedelta(seconds=30)
    [code] = codes_for(leaving, from_slot=slot_at(later))
    [scan] = hand_in([NewScan(id_at(later), code, later)], by=cafe.terminal, at=later)
    assert scan.member_number is not None
    close_account(leaving, language="fi", at=NOON)
    with pytest.raises(NotFound):
        relationship_by_number(cafe.third_party_id, scan.member_number)


def test_the_same_address_can_register_anew_as_somebody_else(leaving: PersonActor) -> None:
    close_account(leaving, language="fi", at=NOON)
    again = world.person(ADDRESS)
    assert again.person_id != leaving.person_id
    assert set(own_values(again)) == {"login_email"}
