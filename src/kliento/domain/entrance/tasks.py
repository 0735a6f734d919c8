"""What the entrance does in the background: what must not be timed at the door."""

from uuid import UUID

from kliento.domain.entrance import actions
from kliento.domain.outbox.rules import Work
from kliento.kernel.clock import now


def send_reset_code(work: Work) -> None:
    """Look up whose address it is, and write to them."""
    actions.send_reset_code(UUID(work.ref), at=now())


HANDLERS = {"reset": send_reset_code}
