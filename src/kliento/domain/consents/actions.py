"""Giving, refusing and withdrawing. Only the person gives (R-CON-5); withdrawing is as easy as giving (R-CON-4)."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.models import Event
from kliento.domain.consents.queries import objections_of, standing
from kliento.domain.consents.rules import Choice
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Purpose
from kliento.domain.vault.actions import remove_value
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Invalid, NotFound

SPECIAL_STORAGE = "special_storage"
"""The purpose under which Kliento may keep a special-category value at all (GDPR Art. 9(2)(a), R-DAT-2)."""
KINDS = {
    Event.Kind.GIVEN: "consent_given",
    Event.Kind.REFUSED: "consent_refused",
    Event.Kind.WITHDRAWN: "consent_withdrawn",
    Event.Kind.OBJECTED: "objection_made",
    Event.Kind.OBJECTION_ENDED: "objection_ended",
}


def give_consent(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Agree to `choice` from this moment on. Agreeing again changes nothing and leaves no second entry.

    The event names the version of the declaration the person saw. Raises NotAllowed unless `by` is the person, Invalid
    for a purpose that is not declared, not in use, not built on consent, or does not know the field.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if choice not in standing(person_id):
            _note(person_id, choice, Event.Kind.GIVEN, purpose=purpose, at=at)


def note_refusal(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """A no when asked. Kept, so that nobody asks again as if nothing had been said (R-CON-7).

    People refuse by `sharing.actions.refuse_consent`, for the reason given at `note_withdrawal`.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        lock_self(person_id, by=by)
        _note(person_id, choice, Event.Kind.REFUSED, purpose=purpose, at=at)


def note_withdrawal(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Let a consent stand no longer, from this moment on. Withdrawing what does not stand changes nothing.

    Without consent to keep it, a special-category value may not stay: withdrawing that consent removes it here, in
    the same transaction. What is shared on a consent lies above this package: people withdraw by
    `sharing.actions.withdraw_consent`, which ends that first. Raises NotAllowed unless `by` is the person.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if choice not in standing(person_id):
            return
        _note(person_id, choice, Event.Kind.WITHDRAWN, purpose=purpose, at=at)
        if choice.purpose == SPECIAL_STORAGE:
            with suppress(NotFound):  # agreed to, and nothing stored yet
                remove_value(person_id, choice.field)


def end_consent(person_id: UUID, choice: Choice, *, at: datetime) -> None:
    """Let a consent end whose own time has come. The clock does this; it can end what a person chose, never begin it.

    What does not stand stays as it is. Part of the caller's transaction, which holds the person.
    """
    if choice in standing(person_id):
        _note(person_id, choice, Event.Kind.WITHDRAWN, purpose=_consent_purpose(choice), kind="consent_ended", at=at)


def object_to(person_id: UUID, purpose_code: str, *, by: Actor, at: datetime) -> None:
    """Object to a purpose that rests on legitimate interest (GDPR Art. 21); the gate obeys from the next read on."""
    purpose = _objectionable_purpose(purpose_code)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if purpose_code not in objections_of([person_id])[person_id]:
            _note(person_id, Choice(purpose_code), Event.Kind.OBJECTED, purpose=purpose, at=at)


def end_objection(person_id: UUID, purpose_code: str, *, by: Actor, at: datetime) -> None:
    """Take an objection back."""
    purpose = _objectionable_purpose(purpose_code)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if purpose_code in objections_of([person_id])[person_id]:
            _note(person_id, Choice(purpose_code), Event.Kind.OBJECTION_ENDED, purpose=purpose, at=at)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the subject off every event; the triggers demand an Activity cover for this person before it."""
    Event.objects.filter(subject_id=person_id).update(subject_id=None)


def _note(
    person_id: UUID, choice: Choice, event: Event.Kind, *, purpose: Purpose, kind: str = "", at: datetime
) -> None:
    Event.objects.create(
        subject_id=person_id,
        purpose=choice.purpose,
        channel=choice.channel,
        field=choice.field,
        recipient_id=choice.recipient_id,
        kind=event,
        notice_version=register().version,
        at=at,
    )
    entry = NewEntry(
        subject_id=person_id,
        kind=kind or KINDS[event],
        at=at,
        recipient_id=choice.recipient_id,
        purpose=choice.purpose,
        basis=purpose.basis,
        fields=(choice.field,) if choice.field else (),
    )
    record([entry])


def _consent_purpose(choice: Choice) -> Purpose:
    purpose = register().purpose(choice.purpose)
    if purpose.status != "in_use":
        raise Invalid(_("This is not in use yet."), code="purpose_not_in_use", pointer="purpose")
    if purpose.basis != "consent":
        raise Invalid(_("This does not rest on consent."), code="not_a_consent_purpose", pointer="purpose")
    if choice.field and choice.field not in purpose.fields:
        raise Invalid(_("This detail is not part of that purpose."), code="field_not_in_purpose", pointer="field")
    if choice.channel and choice.channel not in purpose.channels:
        raise Invalid(_("This channel is not part of that purpose."), code="channel_not_in_purpose", pointer="channel")
    return purpose


def _objectionable_purpose(code: str) -> Purpose:
    purpose = register().purpose(code)
    if not purpose.objectionable:
        raise Invalid(_("This purpose cannot be objected to."), code="not_objectionable", pointer="purpose")
    return purpose
