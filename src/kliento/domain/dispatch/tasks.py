"""What dispatch does in the background."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kliento.domain.dispatch import actions
from kliento.domain.outbox.actions import strike_off
from kliento.domain.outbox.rules import Work
from kliento.kernel.clock import now


def send_letter(work: Work) -> None:
    """Deliver the letter the outbox refers to."""
    actions.deliver_letter(UUID(work.ref), at=now())


def tell_of_deletions(work: Work) -> None:
    """Tell the operators of the third party the outbox refers to that there are copies to delete."""
    actions.tell_of_deletions(UUID(work.ref), at=now())


def tell_of_end(work: Work) -> None:
    """Remind the person of the relationship the outbox refers to, once."""
    with transaction.atomic():
        if strike_off(work):
            actions.tell_of_end(UUID(work.ref), at=now())


def tell_of_question(work: Work) -> None:
    """Tell the person of the asking the outbox refers to that somebody asks for their details, once."""
    with transaction.atomic():
        if strike_off(work):
            actions.tell_of_question(UUID(work.ref), at=now())


def tell_of_words(work: Work) -> None:
    """Tell the person the outbox refers to that words they agreed to have changed, once."""
    with transaction.atomic():
        if strike_off(work):
            actions.tell_of_words(UUID(work.ref), at=now())


def purge_letters(at: datetime) -> None:
    """Forget letters that could not be sent for a week."""
    actions.purge_letters(at=at)


HANDLERS = {
    "letter": send_letter,
    "deletion_notices": tell_of_deletions,
    "sharing_ends": tell_of_end,
    "asked": tell_of_question,
    "words_changed": tell_of_words,
}
PERIODIC = {"dispatch.purge_letters": (timedelta(days=1), purge_letters)}
