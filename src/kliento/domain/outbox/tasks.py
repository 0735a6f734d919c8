"""What the outbox does for itself in the background."""

from datetime import datetime, timedelta

from kliento.domain.outbox import actions


def purge_given_up(at: datetime) -> None:
    """Delete what was given up a month ago."""
    actions.purge_given_up(at=at)


PERIODIC = {"outbox.purge_given_up": (timedelta(days=1), purge_given_up)}
