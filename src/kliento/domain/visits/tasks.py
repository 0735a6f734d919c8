"""What visits do in the background."""

from datetime import datetime, timedelta

from kliento.domain.visits import actions


def purge_scans(at: datetime) -> None:
    """Delete scans that are older than they are kept."""
    actions.purge_scans(at=at)


def count_months(at: datetime) -> None:
    """Count the people of months that are over."""
    actions.count_months(at=at)


PERIODIC = {
    "visits.purge_scans": (timedelta(hours=1), purge_scans),
    "visits.count_months": (timedelta(hours=1), count_months),
}
