"""Letters on their way, and the development mailbox."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from kliento.domain.dispatch.models import DemoMail, Letter
from kliento.domain.gate.actions import open_sealed
from kliento.domain.people.queries import owners_of
from kliento.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """A mail as its addressee would see it."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    caught_at: datetime


def mailbox(*, limit: int = 50) -> list[CaughtMail]:
    """What was sent in development, newest first. Raises NotFound in production: there is no such thing there."""
    if settings.PRODUCTION:
        raise NotFound
    return [_opened(mail) for mail in DemoMail.objects.order_by("-id")[:limit]]


def describe_person(person_id: UUID) -> dict[str, object]:
    """Letters to this person that have not left yet: kinds and times."""
    letters = Letter.objects.filter(owner_id__in=owners_of(person_id)).order_by("made_at")
    return {"letters": [{"kind": letter.kind, "made_at": letter.made_at.isoformat()} for letter in letters]}


def _opened(mail: DemoMail) -> CaughtMail:
    text = open_sealed(
        mail.id, place="dispatch_demo_mail.sealed", row=mail.id, sealed=bytes(mail.sealed), purpose="service"
    )
    return CaughtMail(id=mail.id, caught_at=mail.made_at, **json.loads(text))
