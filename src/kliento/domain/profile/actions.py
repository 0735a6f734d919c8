"""Keeping one's own details. Only the person does, one field at a time, and every act is entered in Activity."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.actions import SPECIAL_STORAGE
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.queries import check_value, register
from kliento.domain.policy.rules import Field
from kliento.domain.sharing.actions import end_grants, leave_out_of_default_set, tell_of_hiding, withdraw_consent
from kliento.domain.vault import actions as vault
from kliento.domain.vault.rules import NewValue
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotAllowed

_KEEPING = "service"


def set_value(person_id: UUID, field: str, text: str, *, by: Actor, at: datetime) -> None:
    """Add or correct one value. Nobody else sees it until it is shared; earlier versions are kept until it is removed.

    Raises NotAllowed unless `by` is the person, or with code "explicit_consent_needed" for a special category without
    the consent to keep it (R-DAT-2); Invalid, with the field as pointer, for what cannot be stored.
    """
    known = _own_field(field)
    checked = check_value(known, text, on=at.date())
    with transaction.atomic():
        lock_self(person_id, by=by)
        if known.special and Choice(SPECIAL_STORAGE, field=field) not in standing(person_id):
            raise NotAllowed(_("Keeping this needs your explicit consent first."), code="explicit_consent_needed")
        [version] = vault.seal_values([NewValue(person_id, field, checked, "person")], at=at)
        _enter(person_id, "value_stored", known, at=at, payload={"version": version})


def hide_value(person_id: UUID, field: str, *, by: Actor, at: datetime) -> None:
    """Keep the value from everybody else from their next read on; what is shared stays chosen.

    Whoever has seen it, or a fact worked out from it, is told to delete their copy. Raises NotFound.
    """
    known = _own_field(field)
    with transaction.atomic():
        lock_self(person_id, by=by)
        vault.hide_value(person_id, field)
        tell_of_hiding(person_id, register().told_by(field), at=at)
        _enter(person_id, "value_hidden", known, at=at)


def show_value(person_id: UUID, field: str, *, by: Actor, at: datetime) -> None:
    """End the hiding: whoever it is shared with sees it again. Raises NotFound when there is no value."""
    known = _own_field(field)
    with transaction.atomic():
        lock_self(person_id, by=by)
        vault.show_value(person_id, field)
        _enter(person_id, "value_shown", known, at=at)


def remove_value(person_id: UUID, field: str, *, by: Actor, at: datetime) -> None:
    """Delete the value and its earlier versions, gone from every read from the next one on (R-DEL-1).

    Sharing it, and every fact worked out from it, ends too, and they leave the default set, so that what is stored
    there later is private again (R-USR-1); the entry names who could see it until now. Removing a special-category
    value leaves the consent to keep it. Raises NotFound when there is no value.
    """
    known = _own_field(field)
    with transaction.atomic():
        lock_self(person_id, by=by)
        vault.remove_value(person_id, field)
        told = register().told_by(field)
        shared_with = [str(third_party_id) for third_party_id in end_grants(person_id, told, by=by, at=at)]
        leave_out_of_default_set(person_id, told, by=by, at=at)
        _enter(person_id, "value_removed", known, at=at, payload={"shared_with": shared_with})


def withdraw_keeping(person_id: UUID, field: str, *, by: Actor, at: datetime) -> None:
    """Withdraw the explicit consent to keep a special-category value: the value goes, and its sharing with it."""
    withdraw_consent(person_id, Choice(SPECIAL_STORAGE, field=_own_field(field).code), by=by, at=at)


def _own_field(code: str) -> Field:
    """The field, if it is the person's to keep."""
    known = register().field(code)
    if known.keeper == "account":
        raise Invalid(
            _("The sign-in e-mail is not a profile detail. Change it under Security."),
            code="not_a_profile_field",
            pointer=code,
        )
    if known.keeper == "kliento":
        raise Invalid(_("Kliento keeps this itself; it cannot be written here."), code="kept_by_kliento", pointer=code)
    if known.status != "in_use":
        raise Invalid(_("This detail is not in use yet."), code="field_not_in_use", pointer=code)
    return known


def _enter(person_id: UUID, kind: str, field: Field, *, at: datetime, payload: dict[str, object] | None = None) -> None:
    purpose = register().purpose(SPECIAL_STORAGE if field.special else _KEEPING)
    record(
        [
            NewEntry(
                subject_id=person_id,
                kind=kind,
                at=at,
                purpose=purpose.code,
                basis=purpose.basis,
                fields=(field.code,),
                payload=payload or {},
            )
        ]
    )
