"""Disclosing to third parties: decided, entered, committed, and only then opened."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entries_of
from kliento.domain.activity.rules import NewEntry
from kliento.domain.gate.actions import (
    Ask,
    NotCommitted,
    Refused,
    ThirdPartyRecipient,
    at_till,
    disclose,
    disclose_many,
)
from kliento.domain.people.models import Person
from kliento.domain.people.queries import lock_people
from kliento.domain.profile.actions import hide_value, remove_value, set_value, show_value
from kliento.domain.sharing.actions import end_grant
from kliento.domain.sharing.queries import relations
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id
from tests.world import NOON, Place, aino, kahvila_kaisa, kuntosali_kunto, person, shares, stores


def asked(by: PersonActor, kaisa: Place, *fields: str, purpose: str = "serving", at=NOON):
    return disclose(by.person_id, to=ThirdPartyRecipient(kaisa.third_party_id), purpose=purpose, fields=fields, at=at)


def last_entry(by: PersonActor):
    return entries_of([by.person_id])[0]


def test_a_third_party_sees_only_granted_fields(db):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    got = asked(me, kaisa, "first_name", "phone")
    assert got.values == {"first_name": "Aino"}
    assert got.withheld == ("phone",)


def test_what_is_shared_with_one_is_not_shared_with_another(db):
    me, kaisa, kunto = stores(aino(), first_name="Aino"), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "first_name")
    with pytest.raises(Refused):
        asked(me, kunto, "first_name")


def test_the_entry_names_recipient_fields_purpose_basis_and_until(db):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "first_name", until=NOON + timedelta(days=30))
    got = asked(me, kaisa, "first_name", "phone")
    entry = last_entry(me)
    assert (entry.id, entry.kind, entry.recipient_id) == (got.entry_id, "disclosed", kaisa.third_party_id)
    assert (entry.fields, entry.purpose, entry.basis) == (("first_name",), "serving", "consent")
    assert (entry.at, entry.until) == (NOON, NOON + timedelta(days=30))
    assert entry.payload["withheld"] == {"phone": "not_chosen"}


def test_a_grant_that_ran_out_releases_nothing(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name", until=NOON + timedelta(days=1))
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name", at=NOON + timedelta(days=1))


@pytest.mark.parametrize("obstacle", ["hidden", "removed", "no longer shared", "restricted"])
def test_every_obstacle_holds_from_the_next_read_on(db, obstacle):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    assert asked(me, kaisa, "first_name").values == {"first_name": "Aino"}
    if obstacle == "hidden":
        hide_value(me.person_id, "first_name", by=me, at=NOON)
    elif obstacle == "removed":
        remove_value(me.person_id, "first_name", by=me, at=NOON)
    elif obstacle == "no longer shared":
        end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=NOON)
    else:
        Person.objects.update(state=Person.State.RESTRICTED)
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name")


def test_a_correction_shows_and_stays_hidden_if_it_was_hidden(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    hide_value(me.person_id, "first_name", by=me, at=NOON)
    set_value(me.person_id, "first_name", "Aino-Maija", by=me, at=NOON)
    with pytest.raises(Refused):
        asked(me, kaisa, "first_name")
    show_value(me.person_id, "first_name", by=me, at=NOON)
    assert asked(me, kaisa, "first_name").values == {"first_name": "Aino-Maija"}


def test_a_question_without_fields_is_refused_and_entered(db):
    me, kaisa = aino(), kahvila_kaisa()
    with pytest.raises(Invalid):
        asked(me, kaisa)
    assert last_entry(me).kind == "disclosure_refused"


def test_nobody_is_not_found_and_nothing_is_entered(db):
    with pytest.raises(NotFound):
        disclose(
            new_id(),
            to=ThirdPartyRecipient(kahvila_kaisa().third_party_id),
            purpose="serving",
            fields=["phone"],
            at=NOON,
        )


def test_a_disclosure_never_prints_its_values(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    got = asked(me, kaisa, "first_name")
    assert repr(got) == "<Disclosure of first_name>"
    assert "Aino" not in f"{got} {got!r}"


def test_disclose_refuses_to_be_part_of_a_larger_transaction(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    with pytest.raises(RuntimeError), transaction.atomic():
        asked(me, kaisa, "first_name")


# --- within the caller's own act


def visit_of(me: PersonActor, kaisa: Place) -> Ask:
    state = lock_people([me.person_id])[me.person_id]
    third_party_id = kaisa.third_party_id
    pair = Pair(me.person_id, third_party_id)
    entry = NewEntry(me.person_id, "visit", NOON, third_party_id, purpose="identification", basis="contract")
    return at_till(state, relations([pair])[pair], to=ThirdPartyRecipient(third_party_id), entry=entry, at=NOON)


def test_a_visit_and_its_disclosure_are_one_entry(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    before = len(entries_of([me.person_id]))
    with transaction.atomic():
        [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
    assert sealed.open() == {"first_name": "Aino"}
    assert len(entries_of([me.person_id])) == before + 1
    entry = last_entry(me)
    assert (entry.kind, entry.fields, entry.purpose, entry.basis) == ("visit", ("first_name",), "serving", "consent")


def test_the_till_gets_no_shared_field_that_is_not_meant_for_tills(db):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "first_name", "phone")
    with transaction.atomic():
        [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
    assert sealed.open() == {"first_name": "Aino"}


def test_a_visit_that_shows_nothing_is_entered_as_it_is(db):
    me, kaisa = stores(aino(), first_name="Aino", phone="040 123 4567"), kahvila_kaisa()
    shares(me, kaisa, "phone")
    with transaction.atomic():
        [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
    assert sealed.open() == {}
    entry = last_entry(me)
    assert (entry.kind, entry.fields, entry.purpose, entry.basis) == ("visit", (), "identification", "contract")


def test_a_sealed_disclosure_opens_only_after_the_commit(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    with transaction.atomic():
        [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
        with pytest.raises(NotCommitted):
            sealed.open()
    assert sealed.open() == {"first_name": "Aino"}


def test_a_sealed_disclosure_never_opens_after_a_rollback(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    with transaction.atomic():
        [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
        transaction.set_rollback(True)
    with pytest.raises(NotCommitted):
        sealed.open()


def test_a_rolled_back_part_of_a_committed_transaction_never_opens(db):
    me, kaisa = stores(aino(), first_name="Aino"), kahvila_kaisa()
    shares(me, kaisa, "first_name")
    with transaction.atomic():
        with transaction.atomic():
            [sealed] = disclose_many([visit_of(me, kaisa)], at=NOON)
            transaction.set_rollback(True)
        record([NewEntry(me.person_id, "visit", NOON)])
    with pytest.raises(NotCommitted):
        sealed.open()


def test_outside_a_transaction_nothing_is_decided(db):
    with pytest.raises(transaction.TransactionManagementError):
        disclose_many([], at=NOON)


def test_the_statements_of_a_batch_do_not_grow_with_it(db):
    kaisa = kahvila_kaisa()
    counts = []
    for size in (1, 12):
        people = [stores(person(f"guest{number}of{size}@example.fi"), first_name="Aino") for number in range(size)]
        for guest in people:
            shares(guest, kaisa, "first_name")
        with transaction.atomic():
            asks = [visit_of(guest, kaisa) for guest in people]
            with CaptureQueriesContext(connection) as captured:
                opened = disclose_many(asks, at=NOON)
        assert [sealed.open() for sealed in opened] == [{"first_name": "Aino"}] * size
        counts.append(len(captured))
    assert counts[0] == counts[1] == 3  # values, counters, entries; the keys are read from their own database
