"""What claiming does in the background."""

from datetime import datetime, timedelta

from kliento.domain.claiming import actions


def purge_unregistered(at: datetime) -> None:
    """Forget visits of unregistered cards after 90 days."""
    actions.purge_unregistered(at=at)


PERIODIC = {"claiming.purge_unregistered": (timedelta(hours=1), purge_unregistered)}
