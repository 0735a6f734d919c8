"""What dispatch does in the background."""

from datetime import datetime, timedelta
from uuid import UUID

from kliento.domain.dispatch import actions
from kliento.domain.outbox.rules import Work
from kliento.kernel.clock import now


def send_letter(work: Work) -> None:
    """Deliver the letter the outbox refers to."""
    actions.deliver_letter(UUID(work.ref), at=now())


def purge_letters(at: datetime) -> None:
    """Forget letters that could not be sent for a week."""
    actions.purge_letters(at=at)


HANDLERS = {"letter": send_letter}
PERIODIC = {"dispatch.purge_letters": (timedelta(days=1), purge_letters)}
