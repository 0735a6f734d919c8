"""Opening for Kliento's own work on behalf of the person: an address to write to, a text sealed for later."""

from collections.abc import Sequence
from uuid import UUID

from kliento.domain.gate.actions.disclosing import Refused
from kliento.domain.gate.actions.own import enter_undeclared
from kliento.domain.gate.queries import Circumstances, facts_of, is_agreed, is_locked, is_objected
from kliento.domain.gate.rules import Reason, RecipientKind, State, decide
from kliento.domain.people.queries import state_of_owner
from kliento.domain.policy.queries import register
from kliento.domain.vault.queries import (
    data_keys,
    open_text,
    open_texts,
    open_values,
    sealed_values,
    sealed_versions,
)
from kliento.domain.vault.rules import SealedValue
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid


def open_for_delivery(
    owner_id: UUID, *, field: str = "login_email", purpose: str = "service", channel: str = "email", use: str = ""
) -> str:
    """An address of the owner, to send something to the owner alone; asked at the moment of sending (R-CON-3).

    The owner is a person, an account, or an unfinished sign-up; what the person behind an account chose and objects to
    holds for it, on this channel. `use`: which objection is about this kind of letter; unsaid, any that stops the
    purpose (R-DEL-2).

    Raises Refused with the reason as its code when it may not be used now, Invalid for a purpose or field that is not
    declared.
    """
    held = sealed_values([owner_id], [field])
    return _open(owner_id, held, field=field, purpose=purpose, channel=channel, use=use)


def open_earlier(owner_id: UUID, *, field: str, version: int, purpose: str) -> str:
    """An earlier version of an address, to write it back where it was. Raises as `open_for_delivery`."""
    versions = [value for value in sealed_versions([owner_id]) if (value.field, value.version) == (field, version)]
    return _open(owner_id, versions, field=field, purpose=purpose, channel="email")


def open_sealed(owner_id: UUID, *, place: str, row: object, sealed: bytes, purpose: str) -> str:
    """A text sealed for its owner in a table of its own (`place` is "table.column"), for a purpose in use.

    Raises Invalid, with an entry in Activity, for a purpose that is not declared or not in use (R-PUR-2).
    """
    declared = register().purposes.get(purpose)
    if declared is None or declared.status != "in_use":
        enter_undeclared(owner_id, at=now())
        raise Invalid(code="undeclared_purpose" if declared is None else "planned_purpose", pointer="purpose")
    return open_text(owner_id, place=place, row=row, sealed=sealed)


def open_sealed_list(sealed: Sequence[tuple[UUID, object, bytes]], *, place: str, purpose: str) -> dict[object, str]:
    """The same for many, given as (owner, row, sealed), by row; owners without a key are left out. One statement."""
    declared = register().purposes.get(purpose)
    if declared is None or declared.status != "in_use":
        raise Invalid(code="undeclared_purpose" if declared is None else "planned_purpose", pointer="purpose")
    return open_texts(sealed, place=place) if sealed else {}


def _open(owner_id: UUID, held: list[SealedValue], *, field: str, purpose: str, channel: str, use: str = "") -> str:
    declared = register().purposes.get(purpose)
    keys = data_keys([owner_id])
    facts = facts_of(
        field,
        within=Circumstances(
            purpose=purpose,
            recipient=RecipientKind.DELIVERY,
            state=State(state_of_owner(owner_id) or "none"),
            locked=declared is not None and is_locked(owner_id, declared),
            objected=declared is not None and is_objected(owner_id, declared, use=use),
        ),
        chosen=declared is not None and is_agreed(owner_id, declared, channel=channel),
        hidden=held[0].hidden if held and owner_id in keys.wrapped else None,
    )
    reason = decide({field: facts}).withheld.get(field)
    if reason in (Reason.UNDECLARED_PURPOSE, Reason.UNDECLARED_FIELD):
        enter_undeclared(owner_id, at=now())
        raise Invalid(code=reason.value)
    if reason is not None:
        raise Refused(code=reason.value)
    return open_values(held, keys)[owner_id, field]
