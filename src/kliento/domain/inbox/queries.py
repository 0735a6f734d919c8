"""A person's own messages, in words. Opened by the gate, for the person alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.module_loading import autodiscover_modules
from django.utils.safestring import SafeString, mark_safe

from kliento.domain.gate.actions import open_sealed_list
from kliento.domain.inbox.models import Message
from kliento.domain.inbox.rules import MESSAGES, MessageKind, message_kinds
from kliento.domain.policy.queries import register
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound

PLACE = "inbox_message.sealed"


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its addressee reads it, in the language of the page. `body` is HTML of our own templates."""

    id: UUID
    kind: str
    subject: str
    body: SafeString
    at: datetime
    read_at: datetime | None


def messages_of(by: PersonActor, *, before: UUID | None = None, limit: int) -> list[MessageView]:
    """Their messages, newest first, at most `limit`, those behind the message `before`. At most three statements.

    Raises NotFound when `before` is no message of theirs.
    """
    mine = Message.objects.filter(person_id=by.person_id)
    if before is not None:
        last = mine.filter(id=before).first()
        if last is None:
            raise NotFound(code="unknown_message")
        mine = mine.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    return _opened(list(mine.order_by("-at", "-id")[:limit]))


def message_of(by: PersonActor, message_id: UUID) -> MessageView:
    """One of their messages. Raises NotFound, for others' too."""
    for message in _opened(list(Message.objects.filter(id=message_id, person_id=by.person_id))):
        return message
    raise NotFound(code="unknown_message")


def unread_count(by: PersonActor) -> int:
    """How many they have not opened. One statement, which opens nothing."""
    return Message.objects.filter(person_id=by.person_id, read_at=None).count()


def has_unread(person_id: UUID, kind: str) -> bool:
    """Whether a message of that kind waits that they have not opened."""
    return Message.objects.filter(person_id=person_id, kind=kind, read_at=None).exists()


@cache
def known_kinds() -> Mapping[str, type[MessageKind]]:
    """Every kind of message, once what the packages declare is loaded, by code."""
    autodiscover_modules("events")
    return message_kinds()


def describe_person(person_id: UUID) -> dict[str, object]:
    """The person's messages, oldest first, for their export: kinds, times and words."""
    rows = list(Message.objects.filter(person_id=person_id).order_by("at", "id"))
    return {
        "messages": [
            {
                "kind": message.kind,
                "subject": message.subject,
                "text": message.body,
                "at": message.at.isoformat(),
                "read_at": message.read_at.isoformat() if message.read_at else None,
            }
            for message in _opened(rows)
        ]
    }


def _opened(rows: Sequence[Message]) -> list[MessageView]:
    """In words; a kind that is no more is left out, and so is what no key opens any longer."""
    sealed = [(row.person_id, row.id, bytes(row.sealed)) for row in rows]
    texts = open_sealed_list(sealed, place=PLACE, purpose=MESSAGES)
    known = known_kinds()
    return [_in_words(row, json.loads(texts[row.id])) for row in rows if row.id in texts and row.kind in known]


def _in_words(row: Message, context: dict[str, str]) -> MessageView:
    declared = register()
    given = {
        "holder": declared.holder,
        "contact": declared.contacts["register"],
        "url": "",  # its links stay in the service
        "in_service": True,
        **context,
    }
    template = known_kinds()[row.kind].template
    subject = render_to_string(f"{template}.subject.txt", given)
    body = render_to_string(f"{template}.html", given)
    # The template is ours, and whatever it is given is escaped by it.
    return MessageView(row.id, row.kind, " ".join(subject.split()), mark_safe(body), row.at, row.read_at)  # noqa: S308
