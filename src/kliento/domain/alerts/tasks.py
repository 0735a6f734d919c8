"""Alerts by the clock: never while somebody waits at a till."""

from datetime import datetime, timedelta

from kliento.domain.alerts import actions


def follow_activity(at: datetime) -> None:
    """Tell of what was sealed since the last time."""
    actions.follow_activity(at=at)


def purge_told(at: datetime) -> None:
    """Forget what was told days ago."""
    actions.purge_told(at=at)


PERIODIC = {
    "alerts.follow_activity": (timedelta(seconds=30), follow_activity),
    "alerts.purge_told": (timedelta(days=1), purge_told),
}
