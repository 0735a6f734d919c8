"""What a subject has agreed to, and when they said what."""

from uuid import UUID

from kliento.domain.consents.models import Event
from kliento.domain.consents.rules import Choice, standing_choices, standing_objections


def standing(subject_id: UUID) -> frozenset[Choice]:
    """The consents in force now. One statement."""
    return standing_choices(_history(subject_id))


def objections_of(subject_id: UUID) -> frozenset[str]:
    """The purposes this subject objects to (GDPR Art. 21). One statement."""
    return frozenset(choice.purpose for choice in standing_objections(_history(subject_id)))


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


def _history(subject_id: UUID) -> list[tuple[Choice, str]]:
    rows = Event.objects.filter(subject_id=subject_id).order_by("at", "id")
    return [
        (Choice(purpose, channel, field, recipient_id), kind)
        for purpose, channel, field, recipient_id, kind in rows.values_list(
            "purpose", "channel", "field", "recipient_id", "kind"
        )
    ]
