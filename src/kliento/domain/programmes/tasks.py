"""What programmes do in the background."""

from datetime import datetime, timedelta
from uuid import UUID

from kliento.domain.outbox.rules import Work
from kliento.domain.programmes import actions
from kliento.kernel.clock import now


def tell_of_card(work: Work) -> None:
    """Tell the issuer of the loyalty card the outbox refers to that it is out of use."""
    actions.tell_of_card(UUID(work.ref), at=now())


def expire_lots(at: datetime) -> None:
    """Enter the stamps that ran out."""
    actions.expire_lots(at=at)


HANDLERS = {actions.OUT_OF_USE: tell_of_card}
PERIODIC = {"programmes.expire_lots": (timedelta(minutes=10), expire_lots)}
