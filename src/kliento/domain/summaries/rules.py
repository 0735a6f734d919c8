"""Which month a summary is about, and what it counts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MONTHLY = "monthly_summary"
"""The purpose, and the kind of letter and message."""
VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was entered about somebody: how many entries of one kind, naming how many recipients."""

    entries: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a summary says: counts, no name. `others` is every other entry."""

    visits: int
    companies: int
    others: int


def month_before(today: date) -> date:
    """The first day of the last month that is over."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def bounds_of(month: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From when, and until before when."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return datetime.combine(month, time(), zone), datetime.combine(following, time(), zone)


def summary_of(tallies: Mapping[str, Tally]) -> Summary:
    """The summary of what was entered, by kind."""
    visits = tallies.get(VISIT, Tally(0, 0))
    others = sum(tally.entries for kind, tally in tallies.items() if kind != VISIT)
    return Summary(visits=visits.entries, companies=visits.recipients, others=others)
