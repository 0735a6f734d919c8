"""What rights do by the clock, and what an interruption has left to be done."""

from datetime import datetime, timedelta
from uuid import UUID

from kliento.domain.outbox.rules import Work
from kliento.domain.rights import actions
from kliento.kernel.clock import now


def finish_closings(at: datetime) -> None:
    """Take up the closings that a crash interrupted."""
    actions.finish_closings(at=at)


def destroy_account_key(work: Work) -> None:
    """Destroy the key of a closed account that had no person."""
    actions.destroy_account_key(UUID(work.ref), at=now())


HANDLERS = {actions.DESTROY: destroy_account_key}
PERIODIC = {"rights.finish_closings": (timedelta(minutes=5), finish_closings)}
