"""Who exists and how they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from kliento.domain.people.models import Person
from kliento.domain.policy.rules import Purpose
from kliento.kernel import sets
from kliento.kernel.actor import AccountActor, Actor, PersonActor
from kliento.kernel.errors import NotAllowed, NotFound
from kliento.kernel.rows import Among
from kliento.kernel.statements import Statement, ask


@dataclass(frozen=True, slots=True)
class PersonState:
    """What a rule may know of a person."""

    id: UUID
    state: str
    is_minor: bool


def person_of(account_id: UUID) -> PersonState:
    """The person behind an account. Raises NotFound for an account that belongs to no person."""
    row = Person.objects.filter(account_id=account_id).values_list("id", "state", "is_minor").first()
    if row is None:
        raise NotFound(code="unknown_person")
    return PersonState(*row)


def signed_in_person(account_id: UUID) -> PersonActor:
    """The person who acts when this account is signed in. Raises NotFound when they have left or are leaving."""
    person = person_of(account_id)
    if person.state not in (Person.State.ACTIVE, Person.State.RESTRICTED):
        raise NotFound(code="unknown_person")
    return PersonActor(person_id=person.id, account_id=account_id, state=person.state)


def signed_in_account(account_id: UUID) -> AccountActor:
    """Who acts when this account is signed in where it needs no person. Raises NotFound when its person is leaving."""
    if Person.objects.filter(account_id=account_id, state=Person.State.ERASING).exists():
        raise NotFound(code="unknown_person")
    return AccountActor(account_id=account_id)


def lock_people(person_ids: Collection[UUID]) -> dict[UUID, PersonState]:
    """These people, locked until the transaction ends, always in the same order. Unknown ids are left out.

    So are erased ones: whoever waited for the lock while an erasure ended finds nobody and enters nothing about them.
    One statement. SQLite has one writer, so the transaction itself is the lock there.
    """
    return ask(people_to_lock(person_ids))


def people_to_lock(person_ids: Collection[UUID]) -> Statement[dict[UUID, PersonState]]:
    """The statement of `lock_people`, for whoever sends others with it."""
    if not person_ids:
        return Statement.answered({})
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock ends with the transaction it was taken in.")
    these, parameter = sets.among(connection, "id", set(person_ids))
    locked = _LOCKED[connection.vendor].format(these=these)
    return Statement(locked, [parameter, Person.State.ERASED.value], _states)


def _states(rows: Sequence[tuple[Any, ...]]) -> dict[UUID, PersonState]:
    found = [PersonState(sets.identifier(row[0]), row[1], bool(row[2])) for row in rows]
    return {person.id: person for person in found}


_PEOPLE = "SELECT id, state, is_minor FROM people_person WHERE {these} AND state <> %s ORDER BY id"
_LOCKED = {"sqlite": _PEOPLE, "postgresql": f"{_PEOPLE} FOR UPDATE"}


def lock_self(person_id: UUID, *, by: Actor) -> PersonState:
    """The person, locked until the transaction ends, for an act that is theirs alone. One statement.

    Raises NotAllowed unless `by` is that very person, NotFound when their account is closed or being closed.
    """
    if not isinstance(by, PersonActor) or by.person_id != person_id:
        raise NotAllowed(_("Only the person can decide this."), code="only_the_person")
    person = lock_people([person_id]).get(person_id)
    if person is None or person.state not in (Person.State.ACTIVE, Person.State.RESTRICTED):
        raise NotFound(code="unknown_person")
    return person


def demand_of_age(person: PersonState, purpose: Purpose) -> None:
    """Raises NotAllowed where the purpose is locked off for minors and this person is one (R-REG-3)."""
    if purpose.is_locked(is_minor=person.is_minor):
        raise NotAllowed(_("This is locked off for minors."), code="locked_for_minors")


def in_state(column: str, *states: str) -> Exists:
    """Whether the person whose id stands in that column of the rows around it stands so; a condition, no statement."""
    return Exists(Person.objects.filter(id=OuterRef(column), state__in=states))


def state_of_owner(owner_id: UUID) -> str | None:
    """How the person stands who owns these values, by their own id or their account's; None where no person does."""
    return (
        Person.objects.filter(id=owner_id).values_list("state", flat=True).first()
        or Person.objects.filter(account_id=owner_id).values_list("state", flat=True).first()
    )


def is_minor(owner_id: UUID) -> bool:
    """Whether the person who owns these values, by their own id or their account's, said they are a minor (R-REG-3).

    Where no person does yet, nobody has said so.
    """
    return Person.objects.filter(Q(id=owner_id) | Q(account_id=owner_id), is_minor=True).exists()


def person_behind(owner_id: UUID) -> UUID | None:
    """Whose values are sealed under this id, their own or their account's; None where no person's are."""
    return (
        Person.objects.filter(id=owner_id).values_list("id", flat=True).first()
        or Person.objects.filter(account_id=owner_id).values_list("id", flat=True).first()
    )


def owners_of(person_id: UUID) -> list[UUID]:
    """Under which ids this person's values are sealed: their own, and their account's while they have one."""
    account_id = Person.objects.filter(id=person_id).values_list("account_id", flat=True).first()
    return [person_id, account_id] if account_id else [person_id]


def addressee_of(person_id: UUID) -> tuple[UUID, str] | None:
    """The account to write to and the language it reads; None when there is none any more. One statement."""
    return (
        Person.objects.filter(id=person_id, account__isnull=False)
        .values_list("account_id", "account__language")
        .first()
    )


def addressees_of(person_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """For each of these people the account to write to and its language; without those who restrict the use of their
    data, or are leaving. One statement.
    """
    rows = Person.objects.filter(id__in=Among(person_ids), state=Person.State.ACTIVE, account__isnull=False)
    found = rows.order_by("id").values_list("id", "account_id", "account__language")
    return {person_id: (account_id, language) for person_id, account_id, language in found}


def restricted_people() -> list[UUID]:
    """Everybody the use of whose data is restricted, sorted. One statement over an index of nobody else."""
    with connection.cursor() as cursor:  # the state written out: SQLite takes that index for nothing else
        cursor.execute("SELECT id FROM people_person WHERE state = 'restricted' ORDER BY id")
        return [sets.identifier(row[0]) for row in cursor.fetchall()]


def being_erased() -> list[UUID]:
    """Whose erasure has begun and is not finished."""
    return list(Person.objects.filter(state=Person.State.ERASING).values_list("id", flat=True))


def describe_person(person_id: UUID) -> dict:
    """The person's own row, for their export."""
    row = Person.objects.get(id=person_id)
    return {
        "id": str(row.id),
        "state": row.state,
        "is_minor": row.is_minor,
        "terms_version": row.terms_version,
        "registered_at": row.registered_at.isoformat(),
    }
