"""What claiming does in the background."""

from datetime import datetime, timedelta

from kliento.domain.claiming import actions


def purge_unregistered(at: datetime) -> None:
    """Forget visits of unregistered cards after 90 days."""
    actions.purge_unregistered(at=at)


def tell_of_claims(at: datetime) -> None:
    """Tell the owners of tills what was claimed with their codes."""
    actions.tell_of_claims(at=at)


PERIODIC = {
    "claiming.purge_unregistered": (timedelta(minutes=10), purge_unregistered),
    "claiming.tell_of_claims": (timedelta(minutes=10), tell_of_claims),
}
