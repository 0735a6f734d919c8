"""What a subject has agreed to, and when they said what."""

from collections.abc import Collection
from uuid import UUID

from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice, standing_choices, standing_objections


def standing(subject_id: UUID) -> frozenset[Choice]:
    """The consents in force now. One statement."""
    return standing_of([subject_id])[subject_id]


def standing_of(subject_ids: Collection[UUID]) -> dict[UUID, frozenset[Choice]]:
    """The consents of each of these subjects that are in force now. One statement."""
    return {subject_id: standing_choices(history) for subject_id, history in _histories(subject_ids).items()}


def objections_of(subject_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The purposes each of these subjects objects to (GDPR Art. 21). One statement."""
    histories = _histories(subject_ids)
    return {
        subject_id: frozenset(choice.purpose for choice in standing_objections(history))
        for subject_id, history in histories.items()
    }


def describe_person(person_id: UUID) -> dict:
    """Every choice of this person, oldest first, for their export."""
    events = Event.objects.filter(subject_id=person_id).order_by("at", "id")
    return {
        "consents": [
            {
                "purpose": event.purpose,
                "channel": event.channel,
                "field": event.field,
                "recipient_id": str(event.recipient_id) if event.recipient_id else None,
                "choice": event.kind,
                "notice_version": event.notice_version,
                "at": event.at.isoformat(),
            }
            for event in events
        ]
    }


def _histories(subject_ids: Collection[UUID]) -> dict[UUID, list[tuple[Choice, str]]]:
    histories: dict[UUID, list[tuple[Choice, str]]] = {subject_id: [] for subject_id in subject_ids}
    for event in Event.objects.filter(subject_id__in=histories).order_by("at", "id"):
        if event.subject_id is not None:
            choice = Choice(event.purpose, event.channel, event.field, event.recipient_id)
            histories[event.subject_id].append((choice, event.kind))
    return histories
