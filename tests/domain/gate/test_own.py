"""The person's own reading and Kliento's letters to them: decided, not entered; what nothing declares is."""

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import (
    Refused,
    export_values,
    open_for_delivery,
    open_sealed,
    own_values,
)
from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value, set_value
from kliento.domain.vault.actions import NewValue, seal_text, seal_values
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id
from tests.world import NOON, aino, eino, stores


def test_people_read_their_own_values_with_source_and_time_hidden_ones_too(db):
    me = stores(aino(), first_name="Aino", phone="040 123 4567")
    hide_value(me.person_id, "phone", by=me, at=NOON)
    read = own_values(me, fields=["first_name", "phone", "nickname"])
    assert {field: (own.text, own.source, own.version, own.hidden) for field, own in read.items()} == {
        "first_name": ("Aino", "person", 1, False),
        "phone": ("+358401234567", "person", 1, True),
    }
    assert read["phone"].since == NOON


def test_own_reading_works_while_restricted_and_is_not_entered(db):
    me = stores(aino(), first_name="Aino")
    Person.objects.update(state=Person.State.RESTRICTED)
    before = entries_of([me.person_id])
    assert own_values(me)["first_name"].text == "Aino"
    assert entries_of([me.person_id]) == before


@pytest.mark.parametrize("state", [Person.State.ERASING, Person.State.ERASED])
def test_nothing_is_read_of_an_account_that_is_closed(db, state):
    me = stores(aino(), first_name="Aino")
    Person.objects.update(state=state)
    assert own_values(me) == {}


def test_nobody_reads_as_somebody_else(db):
    me, other = stores(aino(), first_name="Aino"), eino()
    with pytest.raises(NotFound):
        own_values(PersonActor(person_id=me.person_id, account_id=other.account_id))


def test_the_export_holds_every_value_the_sign_in_address_and_special_categories_included(db):
    me = stores(stores(aino(), first_name="Aina"), first_name="Aino")
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field="allergies"), by=me, at=NOON)
    stores(me, allergies="Pähkinä")
    exported = export_values(me)
    assert {field: [own.text for own in versions] for field, versions in exported.items()} == {
        "first_name": ["Aina", "Aino"],
        "login_email": ["aino@example.fi"],
        "allergies": ["Pähkinä"],
    }


def test_a_value_is_never_printed(db):
    me = stores(aino(), first_name="Aino")
    assert "Aino" not in repr(own_values(me))


def test_own_reading_takes_the_same_statements_however_many_there_are(db):
    counts = []
    for values in ({"first_name": "Aino"}, {"nickname": "A", "city": "Helsinki", "phone": "040 123 4567"}):
        me = stores(aino() if not counts else eino(), **values)
        with CaptureQueriesContext(connection) as main, CaptureQueriesContext(connections["keys"]) as keys:
            own_values(me)
        counts.append((len(main), len(keys)))
    assert counts == [(2, 1), (2, 1)]


def test_a_letter_finds_the_address_of_an_account_and_of_an_unfinished_sign_up(db):
    me, pending = aino(), new_id()
    with transaction.atomic():
        seal_values([NewValue(pending, "login_email", "new@example.fi", "person")], at=NOON)
    assert open_for_delivery(me.account_id) == "aino@example.fi"
    assert open_for_delivery(pending) == "new@example.fi"


def test_letters_about_the_account_are_sent_while_restricted_and_not_after_it_is_gone(db):
    me = aino()
    Person.objects.update(state=Person.State.RESTRICTED)
    assert open_for_delivery(me.account_id) == "aino@example.fi"
    Person.objects.update(state=Person.State.ERASED)
    with pytest.raises(Refused) as refused:
        open_for_delivery(me.account_id)
    assert refused.value.code == "no_person"


def test_a_letter_without_an_address_is_refused(db):
    with pytest.raises(Refused) as refused:
        open_for_delivery(new_id())
    assert refused.value.code == "empty"


def test_a_sealed_text_opens_for_a_purpose_in_use_only(db):
    me, row = aino(), new_id()
    with transaction.atomic():
        sealed = seal_text(me.person_id, place="cards_medium.sealed_code", row=row, text="K1")
    same = {"place": "cards_medium.sealed_code", "row": row, "sealed": sealed}
    assert open_sealed(me.person_id, **same, purpose="service") == "K1"
    for purpose in ("curiosity", "direct_marketing"):
        with pytest.raises(Invalid):
            open_sealed(me.person_id, **same, purpose=purpose)
    assert [entry.kind for entry in entries_of([me.person_id])[:2]] == ["disclosure_refused"] * 2


def test_what_nothing_declares_is_entered_about_the_person_behind_the_account(db):
    me = aino()
    for ask in ({"purpose": "curiosity"}, {"field": "horoscope"}):
        with pytest.raises(Invalid):
            open_for_delivery(me.account_id, **ask)
    assert [entry.kind for entry in entries_of([me.person_id])[:2]] == ["disclosure_refused"] * 2
    assert not Entry.objects.filter(subject_id=me.account_id).exists()


@pytest.mark.parametrize("erased", [False, True])
def test_where_there_is_no_person_it_is_logged_without_saying_who(db, capfd, erased):
    owner = aino().account_id if erased else new_id()
    Person.objects.update(state=Person.State.ERASED)
    before = Entry.objects.count()
    with pytest.raises(Invalid):
        open_for_delivery(owner, purpose="curiosity")
    assert Entry.objects.count() == before
    logged = capfd.readouterr().err
    assert "undeclared reading refused" in logged
    assert str(owner) not in logged


def test_a_correction_is_a_new_version(db):
    me = stores(aino(), first_name="Aina")
    set_value(me.person_id, "first_name", "Aino", by=me, at=NOON)
    assert (own_values(me)["first_name"].text, own_values(me)["first_name"].version) == ("Aino", 2)
