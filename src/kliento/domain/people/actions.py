"""Somebody comes to be, and goes. What they store and carry is written by the packages above."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts.actions import close_account_credentials
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.people.models import Person
from kliento.domain.people.queries import PersonState, lock_people, lock_self
from kliento.domain.policy.queries import register
from kliento.kernel.actor import Actor, SystemActor
from kliento.kernel.errors import Conflict, NotAllowed, NotFound

_PURPOSE = "service"
_RIGHTS = "rights"


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


def restrict_use(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Keep everything and use none of it from this moment on (GDPR Art. 18, R-RST-1). It needs no reason.

    What yields to it stands in the gate's rule: the person's own reading, and letters about their account. Grants and
    consents stay as they are and release nothing. Restricting again changes nothing. Raises NotAllowed unless `by` is
    the person.
    """
    _switch(person_id, Person.State.RESTRICTED, "use_restricted", by=by, at=at)


def lift_restriction(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Use it again, as far as the person's choices still stand. Nobody else can: so they know it beforehand
    (Art. 18(3)). Lifting again changes nothing. Raises NotAllowed unless `by` is the person.
    """
    _switch(person_id, Person.State.ACTIVE, "restriction_lifted", by=by, at=at)


def note_of_age(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody's age is worked out: a minor who has said to the register holder that they are of age is one no more.

    What was locked off for minors (R-REG-3) is then asked of them as of anybody; nothing of it is chosen by this.
    Raises NotAllowed for anybody but Kliento's own programs, NotFound for nobody, or somebody who left; changes nothing
    for who is of age already.
    """
    if not isinstance(by, SystemActor):
        raise NotAllowed(code="not_the_register_holder")
    with transaction.atomic():
        person = lock_people([person_id]).get(person_id)
        if person is None or person.state not in (Person.State.ACTIVE, Person.State.RESTRICTED):
            raise NotFound(code="unknown_person")
        if person.is_minor:
            Person.objects.filter(id=person_id).update(is_minor=False)
            basis = register().purpose(_PURPOSE).basis
            record([NewEntry(subject_id=person_id, kind="of_age", at=at, purpose=_PURPOSE, basis=basis)])


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


def _switch(person_id: UUID, state: Person.State, kind: str, *, by: Actor, at: datetime) -> None:
    """The state and its entry, unless it is so already; with the person held, so a tap is judged before or after."""
    with transaction.atomic():
        if lock_self(person_id, by=by).state == state:
            return
        Person.objects.filter(id=person_id).update(state=state)
        basis = register().purpose(_RIGHTS).basis
        record([NewEntry(subject_id=person_id, kind=kind, at=at, purpose=_RIGHTS, basis=basis)])


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """The same as `finish_erasure`, under the name every package has."""
    finish_erasure(person_id, at=at)
