"""What rights do by the clock."""

from datetime import datetime, timedelta

from kliento.domain.rights import actions


def finish_closings(at: datetime) -> None:
    """Take up the closings that a crash interrupted."""
    actions.finish_closings(at=at)


PERIODIC = {"rights.finish_closings": (timedelta(minutes=5), finish_closings)}
