"""Somebody comes to be, and goes."""

import pytest
from django.db import transaction

from kliento.domain.accounts.models import Account
from kliento.domain.activity.queries import entries_of
from kliento.domain.people.actions import begin_erasure, finish_erasure, register_person
from kliento.domain.people.models import Person
from kliento.domain.people.queries import (
    being_erased,
    describe_person,
    lock_people,
    owners_of,
    person_of,
    signed_in_person,
)
from kliento.kernel.errors import Conflict, NotFound
from kliento.kernel.ids import new_id
from tests.world import NOON, TERMS, aino, minna

pytestmark = pytest.mark.usefixtures("db")


def test_an_account_has_one_person_and_its_first_entry_names_the_terms() -> None:
    person = aino()
    [entry] = entries_of([person.person_id], limit=9)
    assert (entry.kind, entry.payload, entry.number) == ("person_registered", {"terms_version": TERMS}, 1)
    with pytest.raises(Conflict):
        register_person(person.account_id, is_minor=False, terms_version=TERMS, at=NOON)


def test_only_the_terms_in_force_can_be_accepted() -> None:
    account = Account.objects.create(login_index="a", created_at=NOON)
    with pytest.raises(Conflict) as refusal:
        register_person(account.id, is_minor=False, terms_version="0", at=NOON)
    assert refusal.value.code == "terms_changed"
    assert not Person.objects.exists()


def test_a_person_is_found_by_their_account() -> None:
    person = minna()
    assert person_of(person.account_id).is_minor
    assert signed_in_person(person.account_id) == person
    assert owners_of(person.person_id) == [person.person_id, person.account_id]
    assert describe_person(person.person_id)["is_minor"] is True
    with pytest.raises(NotFound):
        person_of(new_id())


def test_whose_erasure_has_begun_cannot_act_and_whose_has_ended_is_not_there() -> None:
    person = aino()
    begin_erasure(person.person_id, at=NOON)
    assert being_erased() == [person.person_id]
    with pytest.raises(NotFound):
        signed_in_person(person.account_id)
    with pytest.raises(NotFound):
        begin_erasure(person.person_id, at=NOON)

    finish_erasure(person.person_id, at=NOON)
    finish_erasure(person.person_id, at=NOON)

    with transaction.atomic():
        assert lock_people([person.person_id]) == {}
    assert not Account.objects.exists()
    row = Person.objects.get()
    assert (row.state, row.account_id, row.is_minor, row.terms_version) == ("erased", None, False, "")


def test_an_erasure_ends_only_after_it_has_begun() -> None:
    person = aino()
    finish_erasure(person.person_id, at=NOON)
    assert Account.objects.exists()
    assert person_of(person.account_id).state == "active"
