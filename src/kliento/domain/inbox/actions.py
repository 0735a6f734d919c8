"""Posting, reading and deleting messages."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kliento.domain.inbox.models import Message
from kliento.domain.inbox.queries import PLACE, known_kinds
from kliento.domain.inbox.rules import MESSAGES
from kliento.domain.people.queries import state_of_owner
from kliento.domain.policy.queries import register
from kliento.domain.vault.actions import seal_text
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id

AT_A_TIME = 1000


def post_message(kind: str, *, person_id: UUID, context: Mapping[str, str], at: datetime) -> None:
    """Put it into the person's messages, unread. Part of the caller's transaction.

    `context` is what the kind's words need, sealed under the person's key: nothing that signs anybody in, for it stays.
    Restriction does not stand in its way: it tells the person about their own account. Nothing is posted to somebody
    who is leaving. Raises Invalid for an unknown kind.
    """
    if kind not in known_kinds():
        raise Invalid(code="unknown_message", pointer=kind)
    if state_of_owner(person_id) not in ("active", "restricted"):
        return
    with transaction.atomic():
        message_id = new_id()
        sealed = seal_text(person_id, place=PLACE, row=message_id, text=json.dumps(dict(context)))
        Message.objects.create(id=message_id, person_id=person_id, kind=kind, sealed=sealed, at=at)


def mark_read(message_id: UUID, *, by: PersonActor, at: datetime) -> None:
    """It has been opened. Opening it again changes nothing; somebody else's message is not there."""
    Message.objects.filter(id=message_id, person_id=by.person_id, read_at=None).update(read_at=at)


def delete_message(message_id: UUID, *, by: PersonActor) -> None:
    """Delete one's own message. Raises NotFound, for others' too."""
    deleted, _ = Message.objects.filter(id=message_id, person_id=by.person_id).delete()
    if not deleted:
        raise NotFound(code="unknown_message")


def purge_messages(*, at: datetime) -> int:
    """Delete messages past their declared time, so many in a transaction; how many there were."""
    days = register().retention[MESSAGES].days
    purged = 0
    while days:
        old = Message.objects.filter(at__lt=at - timedelta(days=days)).order_by("at").values_list("id", flat=True)
        deleted, _ = Message.objects.filter(id__in=list(old[:AT_A_TIME])).delete()
        purged += deleted
        if deleted < AT_A_TIME:
            break
    return purged


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """All of this person's messages go."""
    Message.objects.filter(person_id=person_id).delete()
