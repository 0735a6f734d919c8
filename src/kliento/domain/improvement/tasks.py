"""What improvement does by the clock."""

from datetime import datetime, timedelta

from kliento.domain.improvement import actions


def purge_counts(at: datetime) -> None:
    """Delete counts that are past their time."""
    actions.purge_counts(at=at)


PERIODIC = {"improvement.purge_counts": (timedelta(days=1), purge_counts)}
