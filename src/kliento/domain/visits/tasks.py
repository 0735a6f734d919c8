"""What visits do in the background."""

from datetime import datetime, timedelta

from kliento.domain.visits import actions


def purge_scans(at: datetime) -> None:
    """Delete scans that are older than they are kept."""
    actions.purge_scans(at=at)


PERIODIC = {"visits.purge_scans": (timedelta(hours=1), purge_scans)}
