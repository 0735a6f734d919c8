"""The person's own reading: decided like any other, so that one place opens values, but not entered in Activity.

What is entered is a reading that nothing declared: then somebody's program is wrong, and the person may know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import SPECIAL_STORAGE
from kliento.domain.gate.queries import Circumstances, facts_of
from kliento.domain.gate.rules import Reason, RecipientKind, State, decide
from kliento.domain.people.queries import lock_people, person_behind, person_of
from kliento.domain.policy.queries import register
from kliento.domain.vault.queries import data_keys, open_versions, sealed_values, sealed_versions
from kliento.domain.vault.rules import SealedValue
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound

log = structlog.get_logger("kliento.gate")
OWN_READING = "service"
RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One value as its owner reads it, with where it came from and since when it stands."""

    text: str = field(repr=False)
    source: str
    version: int
    since: datetime
    hidden: bool


def own_values(by: PersonActor, *, fields: Sequence[str] | None = None) -> dict[str, OwnValue]:
    """The person's stored values by field: all of them, or those of `fields` that are stored. Hidden ones too.

    Works while restricted (R-PRO-1). At most 3 statements. Raises Invalid for a field that is not declared.
    """
    purposes = {
        code: SPECIAL_STORAGE if declared.special else OWN_READING for code, declared in register().fields.items()
    }
    state = _state_of(by)
    held = sealed_values((by.account_id, by.person_id), fields)
    return {value.field: own for value, own in _read_own(by, state, purposes, held, asked=fields)}


def export_values(by: PersonActor) -> dict[str, list[OwnValue]]:
    """Every version of every stored value, the newest last, under the purpose of the person's rights.

    Whoever hands them out enters it.
    """
    state = _state_of(by)
    held = sealed_versions((by.account_id, by.person_id))
    versions: dict[str, list[OwnValue]] = {}
    for value, own in _read_own(by, state, dict.fromkeys(register().fields, RIGHTS), held):
        versions.setdefault(value.field, []).append(own)
    return versions


def enter_undeclared(owner_id: UUID, *, at: datetime) -> None:
    """Enter that Kliento's own program tried to read without a declared purpose or field (R-PUR-2).

    The owner is a person or their account; for an owner behind whom nobody stands (yet, or any more) it is logged.
    """
    person_id = person_behind(owner_id)
    with transaction.atomic(durable=True):
        if person_id is not None and lock_people([person_id]):
            record([NewEntry(person_id, "disclosure_refused", at, payload={"undeclared_fields": 1})])
            return
    log.error("undeclared reading refused")


def _state_of(by: PersonActor) -> State:
    """As it was when their request came in, or now: whoever reads their own values reads nobody else's."""
    if by.state:
        return State(by.state)
    person = person_of(by.account_id)
    if person.id != by.person_id:
        raise NotFound(code="unknown_person")
    return State(person.state)


def _read_own(
    by: PersonActor,
    state: State,
    purposes: dict[str, str],
    held: list[SealedValue],
    *,
    asked: Sequence[str] | None = None,
) -> list[tuple[SealedValue, OwnValue]]:
    values = {value.field: value for value in held}
    decision = decide(
        {
            name: facts_of(
                name,
                within=Circumstances(purposes.get(name, OWN_READING), RecipientKind.SELF, state),
                chosen=True,
                hidden=values[name].hidden if name in values else None,
            )
            for name in (values if asked is None else asked)
        }
    )
    if Reason.UNDECLARED_FIELD in decision.withheld.values():
        enter_undeclared(by.person_id, at=now())
        raise Invalid(code="undeclared_field", pointer="field")
    released = [value for value in held if value.field in decision.released]
    texts = open_versions(released, data_keys({value.owner_id for value in released})) if released else []
    return [
        (value, OwnValue(text, value.source, value.version, value.stored_at, value.hidden))
        for value, text in zip(released, texts, strict=True)
    ]
