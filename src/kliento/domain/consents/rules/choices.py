"""What can be chosen, and what a choice is known by. No Django."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID


class Choice(NamedTuple):
    """What can be agreed to: a purpose, and where it asks for them a channel, a field and a recipient."""

    purpose: str
    channel: str = ""
    field: str = ""
    recipient_id: UUID | None = None


class Shown(NamedTuple):
    """The words a choice was made under: their language and their hash, as the form carried them back."""

    language: str
    wording: str


class Standing(NamedTuple):
    """How a choice stands: the kind of its last event, when that was, and whether a given consent has force."""

    kind: str
    event_id: UUID
    at: datetime
    in_force: bool


class Noted(NamedTuple):
    """An event as it is stored, but for whose it is."""

    id: UUID
    choice: Choice
    kind: str
    notice_version: str
    shown: Shown
    at: datetime


def row_hash(event: Noted) -> str:
    """SHA-256, in hex, over the event's canonical JSON: its Activity entry carries it, so that both are sealed."""
    said = {
        "id": str(event.id),
        "purpose": event.choice.purpose,
        "channel": event.choice.channel,
        "field": event.choice.field,
        "recipient_id": str(event.choice.recipient_id) if event.choice.recipient_id else None,
        "kind": event.kind,
        "notice_version": event.notice_version,
        "language": event.shown.language,
        "wording": event.shown.wording,
        "at": event.at.isoformat(),
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def told_apart(at: datetime, last: datetime | None) -> datetime:
    """The moment of a new event: after the last one on the same choice, also where a clock was set back meanwhile."""
    return at if last is None or at > last else last + timedelta(microseconds=1)
