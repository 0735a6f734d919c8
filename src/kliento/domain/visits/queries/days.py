"""Local days as the database is given them, so that it needs to know no time zone."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils.timezone import get_default_timezone

from kliento.domain.visits.rules import counting
from kliento.kernel import sets
from kliento.kernel.clock import day_of

COUNTS = """AND NOT EXISTS (
          SELECT 1 FROM visits_visit AS fallen WHERE fallen.third_party_id = %s AND fallen.id = visit.id
          AND (fallen.cancelled_at IS NOT NULL OR fallen.overruled_at IS NOT NULL))"""
"""Leaves out what was undone at the till or overruled. A part of statements that count; its parameter, the third party
once more, follows that of theirs."""


def moments_of(day: date) -> tuple[datetime, datetime]:
    """When the local day begins and ends."""
    zone = get_default_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)


def end_of_day(moment: datetime) -> datetime:
    """When the local day ends that holds this moment."""
    return moments_of(day_of(moment))[1]


def end_of_month(moment: datetime) -> datetime:
    """When the local month ends that holds this moment."""
    return moments_of(counting.month_of(day_of(moment))[1])[1]


def given_days(days: Sequence[date]) -> tuple[str, list[Any]]:
    """A table of the days with the moments they begin and end, and its parameters."""
    return sets.given(
        connection,
        {"day": "date", "starts": "timestamptz", "ends": "timestamptz"},
        [(day.isoformat(), *moments_of(day)) for day in days],
    )
