"""A person comes to be, and leaves."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.people.models import Person


def register_person(account_id: UUID, *, is_minor: bool, terms_version: str, at: datetime) -> Person:
    """Somebody chose to register (R-REG-1) and accepted these terms; entered in their Activity."""
    with transaction.atomic():
        person = Person.objects.create(
            account_id=account_id, is_minor=is_minor, terms_version=terms_version, registered_at=at
        )
        record([NewEntry(person.id, "person_registered", at, purpose="service", basis="contract")])
    return person


def begin_erasure(person_id: UUID) -> None:
    """From the caller's commit on nothing about this person is served. The caller holds their lock."""
    Person.objects.filter(id=person_id).update(state=Person.State.ERASING)


def finish_erasure(person_id: UUID) -> None:
    """Nothing refers to this person any more; the row stays, without account, so that its id is never given again."""
    Person.objects.filter(id=person_id).update(state=Person.State.ERASED, account=None, is_minor=False)
