"""Somebody comes to be, and goes. What they store and carry is written by the packages above."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import close_account_credentials
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.people.models import Person
from kliento.domain.people.queries import PersonState, lock_people
from kliento.domain.policy.queries import register
from kliento.kernel.errors import Conflict, NotFound

_PURPOSE = "service"


def register_person(account_id: UUID, *, is_minor: bool, terms_version: str, at: datetime) -> PersonState:
    """The person behind an account, who has accepted these terms (R-REG-1, R-TRM-1).

    Of their age nothing is kept but whether they are a minor (R-REG-3). Raises Conflict when the account has a person
    already, or the terms are not those in force.
    """
    if terms_version != register().terms.version:
        raise Conflict(code="terms_changed")
    with transaction.atomic():
        if Person.objects.filter(account_id=account_id).exists():
            raise Conflict(code="person_exists")
        person = Person.objects.create(
            account_id=account_id, is_minor=is_minor, terms_version=terms_version, registered_at=at
        )
        basis = register().purpose(_PURPOSE).basis
        record(
            [
                NewEntry(
                    subject_id=person.id,
                    kind="person_registered",
                    at=at,
                    purpose=_PURPOSE,
                    basis=basis,
                    payload={"terms_version": terms_version},
                )
            ]
        )
    return PersonState(person.id, person.state, person.is_minor)


def begin_erasure(person_id: UUID, *, at: datetime) -> None:
    """From here on the person cannot sign in and is served nothing. Part of the caller's transaction.

    Raises NotFound when there is nobody left to erase.
    """
    with transaction.atomic():
        person = lock_people([person_id]).get(person_id)
        if person is None or person.state not in (Person.State.ACTIVE, Person.State.RESTRICTED):
            raise NotFound(code="unknown_person")
        Person.objects.filter(id=person_id).update(state=Person.State.ERASING)


def finish_erasure(person_id: UUID, *, at: datetime) -> None:
    """The account goes with its passkeys and sessions; a row stays that says somebody was erased.

    Does nothing unless an erasure has begun, so it can be repeated.
    """
    with transaction.atomic():
        leaving = Person.objects.filter(id=person_id, state=Person.State.ERASING)
        account_id = leaving.values_list("account_id", flat=True).first()
        leaving.update(state=Person.State.ERASED, account_id=None, is_minor=False, terms_version="")
        if account_id is not None:
            close_account_credentials(account_id)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """The same as `finish_erasure`, under the name every package has."""
    finish_erasure(person_id, at=at)
