"""Summaries by the clock."""

from datetime import datetime, timedelta

from kliento.domain.summaries import actions


def make_summaries(at: datetime) -> None:
    """Make the summaries of the month that is over, as soon as it is."""
    actions.make_summaries(at=at)


PERIODIC = {"summaries.make_summaries": (timedelta(hours=1), make_summaries)}
