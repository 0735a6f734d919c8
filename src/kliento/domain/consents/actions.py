"""Giving, refusing and withdrawing. Only the person gives (R-CON-5); withdrawing is as easy as giving (R-CON-4)."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, UUIDField
from django.utils.translation import gettext as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.events import KINDS
from kliento.domain.consents.models import Event, PastRetention, State
from kliento.domain.consents.queries import (
    ADDED_UP,
    NOBODY,
    choices_of,
    has_force,
    last_words,
    noted,
    objections_of,
    shown_already,
    shown_now,
    standing,
    without_force,
)
from kliento.domain.consents.rules import Choice, Shown, row_hash, told_apart
from kliento.domain.outbox.actions import enqueue_about
from kliento.domain.people.queries import demand_of_age, lock_people, lock_self
from kliento.domain.policy.queries import last_published, own_notice, register
from kliento.domain.policy.rules import Objection, Purpose
from kliento.domain.vault.actions import remove_value
from kliento.kernel.actor import Actor
from kliento.kernel.errors import Conflict, Invalid, NotFound
from kliento.kernel.ids import new_id

SPECIAL_STORAGE = "special_storage"
"""The purpose under which Kliento may keep a special-category value at all (GDPR Art. 9(2)(a), R-DAT-2)."""
ASKING_KEPT = "asking"
"""The retention of notes that somebody was shown a choice or said no to it."""
BATCH = 1000
_ONLY_ASKED = (Event.Kind.SHOWN, Event.Kind.REFUSED)
_OBJECTIONS = (Event.Kind.OBJECTED, Event.Kind.OBJECTION_ENDED)


def give_consent(person_id: UUID, choice: Choice, *, shown: Shown | None = None, by: Actor, at: datetime) -> None:
    """Agree to `choice` from this moment on. Agreeing again changes nothing and leaves no second entry.

    `shown` is what the form carried back: the words the person read; without it those that stand now, in English.
    The event names them and the notice they are part of. Raises NotAllowed unless `by` is the person, or when the
    purpose is for adults only and they are a minor (R-REG-3); Invalid for a purpose that is not declared, not in use,
    not built on consent, or does not know the field; Conflict with code "wording_changed" when other words stand now:
    the person has to read those first, and nothing was given.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        demand_of_age(lock_self(person_id, by=by), purpose)
        read = shown or shown_now(choice, "en")
        demand_current(choice, read)
        if choice not in standing(person_id):
            _note([(person_id, choice)], Event.Kind.GIVEN, purpose=purpose, shown=read, at=at)


def demand_current(choice: Choice, read: Shown | None) -> None:
    """The words that were read stand now, by this process and by the notice in force; else Conflict (R-CON-6).

    Without any that were read the notice alone is asked for.
    """
    notice = last_published()
    words_stand = read is None or read == shown_now(choice, read.language)
    if notice is None or notice.version != own_notice().version or not words_stand:
        raise Conflict(
            _("The words you read have changed meanwhile. Read them again before you choose."), code="wording_changed"
        )


def note_shown(person_id: UUID, choices: Collection[Choice], *, language: str, by: Actor, at: datetime) -> None:
    """Keep that these were shown to the person, once for each notice (R-CON-7). Nothing is entered in Activity."""
    version = own_notice().version
    if shown_already(person_id, version).issuperset(choices):  # mostly: nothing is held to find that out
        return
    with transaction.atomic():
        lock_self(person_id, by=by)
        seen = shown_already(person_id, version)
        Event.objects.bulk_create(
            _event(person_id, choice, Event.Kind.SHOWN, shown=shown_now(choice, language), at=at)
            for choice in choices
            if choice not in seen
        )


def note_refusal(person_id: UUID, choice: Choice, *, shown: Shown | None = None, by: Actor, at: datetime) -> None:
    """A no when asked. Kept, so that nobody asks again as if nothing had been said (R-CON-7).

    A no needs no current words. People refuse by `sharing.actions.refuse_consent`, for the reason given at
    `note_withdrawal`.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        lock_self(person_id, by=by)
        _note([(person_id, choice)], Event.Kind.REFUSED, purpose=purpose, shown=shown, at=at)
        _keep_nothing_on(choice, person_id)


def note_withdrawal(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Let a consent stand no longer, from this moment on. Withdrawing what does not stand changes nothing.

    Without consent to keep it, a special-category value may not stay: withdrawing that consent removes it here, in
    the same transaction. What is shared on a consent lies above this package: people withdraw by
    `sharing.actions.withdraw_consent`, which ends that first. Raises NotAllowed unless `by` is the person.
    """
    purpose = _consent_purpose(choice)
    with transaction.atomic():
        lock_self(person_id, by=by)
        last = choices_of(person_id).get(choice)
        if last is None or last.kind not in (Event.Kind.GIVEN, Event.Kind.OUTDATED):
            return
        _note([(person_id, choice)], Event.Kind.WITHDRAWN, purpose=purpose, at=at)
        _keep_nothing_on(choice, person_id)


def end_consent(person_id: UUID, choice: Choice, *, at: datetime) -> None:
    """Let a consent end whose own time has come. The clock does this; it can end what a person chose, never begin it.

    What does not stand stays as it is. Part of the caller's transaction, which holds the person.
    """
    if choice in standing(person_id):
        _note([(person_id, choice)], Event.Kind.EXPIRED, purpose=_consent_purpose(choice), at=at)


def note_outdated(*, at: datetime) -> int:
    """Enter, where it is not yet, that a consent has no force any more as its words changed; how many there were.

    It has none from the moment the notice was published (`queries.has_force`); this says so to whoever gave it.
    """
    noted = 0
    while found := without_force(limit=BATCH):  # looked for before anything is held
        with transaction.atomic():
            there = lock_people({person_id for person_id, _ in found})
            stands = last_words(there, [choice for _, choice in found])
            still = [each for each in found if each in stands and _lost_force(stands[each], each[1])]
            for purpose, choices in _by_purpose(still):
                _note(choices, Event.Kind.OUTDATED, purpose=purpose, at=at)
            enqueue_about("words_changed", {person_id for person_id, _ in still}, at=at)
        noted += len(still)
        if not still:
            break  # all of them have answered meanwhile, or left
    return noted


def forget_asking(*, at: datetime) -> int:
    """Take the subject off what says only that something was shown or refused, once its time has run out (R-CON-7).

    A refusal that still is the last word stays: it keeps others from asking again. How many rows there were.
    """
    before = at - timedelta(days=register().retention[ASKING_KEPT].days or 0)
    with transaction.atomic():
        PastRetention.objects.update_or_create(id=1, defaults={"before": before})
        last = State.objects.filter(event_id=OuterRef("id"))
        rows = Event.objects.filter(subject_id__isnull=False, kind__in=_ONLY_ASKED, at__lt=before)
        return rows.filter(~Exists(last)).update(subject_id=None)


def rebuild_states() -> int:
    """Make the states anew from the events; how many there are. Readers meanwhile see those of before."""
    with transaction.atomic(), connection.cursor() as cursor:
        State.objects.all().delete()
        cursor.execute(_STATES, [UUIDField().get_db_prep_value(NOBODY, connection)])
        return State.objects.count()


def object_to(person_id: UUID, code: str, *, by: Actor, at: datetime) -> None:
    """Object, without a reason (GDPR Art. 21); the gate obeys from the next read on. It is never refused (R-OBJ-1).

    `code` is an objection of the declaration; what it stops may be only planned: then it holds beforehand (R-DEL-2).
    Objecting again changes nothing. Raises NotAllowed unless `by` is the person, Invalid for one that is not declared.
    """
    objection = register().objection(code)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if code not in objections_of([person_id])[person_id]:
            _note_objection(person_id, objection, Event.Kind.OBJECTED, at=at)


def end_objection(person_id: UUID, code: str, *, by: Actor, at: datetime) -> None:
    """Take an objection back. What else stands in the way of a purpose, such as a consent never given, stays there."""
    objection = register().objection(code)
    with transaction.atomic():
        lock_self(person_id, by=by)
        if code in objections_of([person_id])[person_id]:
            _note_objection(person_id, objection, Event.Kind.OBJECTION_ENDED, at=at)


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Take the subject off every event; the triggers demand an Activity cover for this person before it."""
    State.objects.filter(subject_id=person_id).delete()
    Event.objects.filter(subject_id=person_id).update(subject_id=None)


def _note(
    choices: Sequence[tuple[UUID, Choice]],
    kind: Event.Kind,
    *,
    purpose: Purpose,
    shown: Shown | None = None,
    at: datetime,
) -> None:
    """One event for each choice, and its Activity entry, which carries the event's hash. Three statements at most."""
    events = _added(choices, kind, shown=shown, at=at)
    record(
        [
            NewEntry(
                subject_id=person_id,
                kind=KINDS[kind],
                at=at,
                recipient_id=choice.recipient_id,
                purpose=choice.purpose,
                basis=purpose.basis,
                fields=(choice.field,) if choice.field else (),
                payload=_mark_of(event) | ({"channel": choice.channel} if choice.channel else {}),
            )
            for (person_id, choice), event in zip(choices, events, strict=True)
        ]
    )


def _added(
    choices: Sequence[tuple[UUID, Choice]], kind: Event.Kind, *, shown: Shown | None = None, at: datetime
) -> list[Event]:
    """One new event for each of these choices of these people, after whatever was said of it before."""
    matter = State.Matter.OBJECTION if kind in _OBJECTIONS else State.Matter.CONSENT
    stood = last_words({person_id for person_id, _ in choices}, [choice for _, choice in choices], matter=matter)
    events = []
    for person_id, choice in choices:
        last = stood.get((person_id, choice))
        events.append(_event(person_id, choice, kind, shown=shown, at=told_apart(at, last.at if last else None)))
    return Event.objects.bulk_create(events)


def _mark_of(event: Event) -> dict[str, object]:
    """What an entry says of the event it is about, so that sealing the one seals the other."""
    return {"event": str(event.id), "row": row_hash(noted(event))}


def _event(person_id: UUID, choice: Choice, kind: Event.Kind, *, shown: Shown | None, at: datetime) -> Event:
    return Event(
        id=new_id(),
        subject_id=person_id,
        purpose=choice.purpose,
        channel=choice.channel,
        field=choice.field,
        recipient_id=choice.recipient_id,
        kind=kind,
        notice_version=register().version,
        language=shown.language if shown else "",
        wording=shown.wording if shown else "",
        at=at,
    )


def _lost_force(state: State, choice: Choice) -> bool:
    """Whether it still stands as given, under words that have changed."""
    return state.kind == Event.Kind.GIVEN and not has_force(choice, state.notice_number)


def _by_purpose(found: Sequence[tuple[UUID, Choice]]) -> list[tuple[Purpose, list[tuple[UUID, Choice]]]]:
    codes = sorted({choice.purpose for _, choice in found})
    return [(register().purpose(code), [each for each in found if each[1].purpose == code]) for code in codes]


def _keep_nothing_on(choice: Choice, person_id: UUID) -> None:
    """What may be kept on this consent alone goes with it."""
    if choice.purpose == SPECIAL_STORAGE:
        with suppress(NotFound):  # agreed to, and nothing stored yet
            remove_value(person_id, choice.field)


def _note_objection(person_id: UUID, objection: Objection, event: Event.Kind, *, at: datetime) -> None:
    """The event, and the entry: about the purpose where it stops just one, else about all it stops, by its own code."""
    [added] = _added([(person_id, Choice(objection.code))], event, at=at)
    only = register().purposes[objection.stops[0]] if len(objection.stops) == 1 else None
    entry = NewEntry(
        subject_id=person_id,
        kind=KINDS[event],
        at=at,
        purpose=only.code if only else "",
        basis=only.basis if only else "",
        payload={"objection": objection.code, **_mark_of(added)},
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


_STATES = f"""
    INSERT INTO consents_state
        (subject_id, matter, purpose, channel, field, recipient_id, kind, notice_number, event_id, at)
    {ADDED_UP}
"""
