"""Kliento's own programs reading values, for a purpose that passes nothing on: decided and entered like any other."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.queries import objections_of, standing_of
from kliento.domain.gate.actions.deciding import Ask, held_of, judged, opened
from kliento.domain.gate.actions.disclosing import completed, demand_declared
from kliento.domain.gate.queries import Circumstances
from kliento.domain.gate.rules import Decision, Reason, RecipientKind, State
from kliento.domain.people.queries import PersonState, lock_people
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Purpose
from kliento.kernel.clock import day_of

_NOT_DECLARED = {Reason.UNDECLARED_PURPOSE, Reason.UNDECLARED_FIELD}


def read_for_holder(
    person_ids: Collection[UUID], *, purpose: str, fields: Sequence[str], use: str = "", at: datetime
) -> dict[UUID, dict[str, str]]:
    """What these people keep of these fields, for Kliento's own work for that purpose; people without any are left out.

    Whoever objects, is restricted, or has not agreed where consent is the basis is passed over, and nothing is entered
    about them; for the others the reading is entered, durable before anything is opened. At most 8 statements for any
    number of people. `use`: which objection is about this kind of use; unsaid, any that stops the purpose does.
    Raises Invalid, with refusals entered, when the purpose or a field is not declared (R-PUR-2).
    """
    asked = tuple(dict.fromkeys(fields))
    with transaction.atomic(durable=True):
        people = lock_people(person_ids)
        held = held_of(people, asked)
        declared = register().purposes.get(purpose)
        agreed, objecting = _agreed(people, declared), _objecting(people, declared, use=use)
        decisions = {
            person: judged(
                asked,
                of=person.id,
                within=Circumstances(
                    purpose,
                    RecipientKind.HOLDER,
                    State(person.state),
                    locked=declared is not None and declared.is_locked(is_minor=person.is_minor),
                    objected=person.id in objecting,
                ),
                chosen=asked if person.id in agreed else (),
                held=held,
            )
            for person in people.values()
        }
        entries = [_entry(person, decision, purpose=purpose, at=at) for person, decision in decisions.items()]
        record([entry for entry in entries if entry is not None])
    demand_declared(purpose, asked)
    return {
        person.id: opened(held.of_each(person.id, decision.released), held.keys, on=day_of(at))
        for person, decision in decisions.items()
        if decision.released
    }


def _agreed(people: Collection[UUID], purpose: Purpose | None) -> Collection[UUID]:
    if purpose is None or purpose.basis != "consent":
        return people
    given = standing_of(people)
    return {
        person_id
        for person_id in people
        if any(choice.purpose == purpose.code and choice.recipient_id is None for choice in given[person_id])
    }


def _objecting(people: Collection[UUID], purpose: Purpose | None, *, use: str) -> Collection[UUID]:
    declared = register()
    if purpose is None or not declared.is_objectionable(purpose.code):
        return ()
    objections = objections_of(people)
    return {person_id for person_id in people if declared.is_stopped(purpose.code, objections[person_id], use=use)}


def _entry(person: PersonState, decision: Decision, *, purpose: str, at: datetime) -> NewEntry | None:
    if decision.released:
        kind = "read_by_holder"
    elif _NOT_DECLARED.isdisjoint(decision.withheld.values()):
        return None
    else:
        kind = "disclosure_refused"
    return completed(NewEntry(person.id, kind, at), Ask(person, purpose=purpose), decision)
