"""What is published of many visits to those who may see counts and no people. Pure.

The base cell is one local day at one premises. A cell with fewer than `FEWEST` different people is withheld, and an
empty one reads the same. Everything else is made of published cells only: totals are their sums, people are counted
over them. So whatever ranges and premises are laid side by side, what differs is a published cell (threat 23).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kliento.domain.visits.rules.judging import OFFLINE_SCANS_ACCEPTED

FEWEST = 5
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Cell:
    """The visits of one local day at one premises, and how many different people they were."""

    day: date
    premises_id: UUID
    visits: int
    people: int


@dataclass(frozen=True, slots=True)
class Count:
    """What is shown of one cell; `visits` None: withheld, fewer than `FEWEST` people."""

    day: date
    premises_id: UUID
    visits: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the counts that are shown, and whether some were withheld."""

    visits: int
    partly: bool


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """How many people a month had and how many of them came on more than one day: in truth, and in published cells."""

    people: int = 0
    came_back: int = 0
    published_people: int = 0
    published_came_back: int = 0

    def __add__(self, other: "MonthFigures") -> "MonthFigures":
        return MonthFigures(
            self.people + other.people,
            self.came_back + other.came_back,
            self.published_people + other.published_people,
            self.published_came_back + other.published_came_back,
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Different people, and how many of them came on more than one day; None: withheld."""

    people: int | None
    came_back: int | None


def exact(cells: Iterable[Cell], *, days: Sequence[date], premises: Sequence[UUID]) -> list[Count]:
    """Every day at every premises with its visits, for those who may see the visits themselves."""
    found = {(cell.day, cell.premises_id): cell.visits for cell in cells}
    return [Count(day, place, found.get((day, place), 0)) for day in days for place in premises]


def published(cells: Iterable[Cell], *, days: Sequence[date], premises: Sequence[UUID], today: date) -> list[Count]:
    """Every day at every premises; withheld where fewer than `FEWEST` people were, and while the day still grows."""
    found = {(cell.day, cell.premises_id): cell.visits for cell in cells if cell.people >= FEWEST and cell.day < today}
    return [Count(day, place, found.get((day, place))) for day in days for place in premises]


def figures_of_one(came: Iterable[tuple[date, UUID]], *, cells: Iterable[Cell]) -> MonthFigures:
    """What one person adds to a month who came on these days to these premises; `cells`: those days as they stand."""
    there = set(came)
    shown = {(cell.day, cell.premises_id) for cell in cells if cell.people >= FEWEST} & there
    days, days_shown = {day for day, _ in there}, {day for day, _ in shown}
    return MonthFigures(
        people=int(bool(days)),
        came_back=int(len(days) > 1),
        published_people=int(bool(days_shown)),
        published_came_back=int(len(days_shown) > 1),
    )


def total(counts: Iterable[Count]) -> Total:
    """The sum of what is shown."""
    listed = list(counts)
    return Total(
        visits=sum(count.visits for count in listed if count.visits is not None),
        partly=any(count.visits is None for count in listed),
    )


def crowd(*, people: int, came_back: int) -> Crowd:
    """Withheld when the people, those who came back, or those who did not, are fewer than `FEWEST`."""
    if people < FEWEST:
        return Crowd(None, None)
    return Crowd(people, came_back if min(came_back, people - came_back) >= FEWEST else None)


def newest_counted(today: date) -> date:
    """The first day of the newest month that is over, and whose last visits tills without a connection have sent."""
    return month_of(month_of(today - OFFLINE_SCANS_ACCEPTED)[0] - timedelta(days=1))[0]


def months_between(first: date, last: date) -> list[date]:
    """The first day of each month from that of `first` to that of `last`, oldest first."""
    months = [month_of(first)[0]]
    while months[-1] < month_of(last)[0]:
        months.append(month_of(months[-1])[1] + timedelta(days=1))
    return months


def days_between(first: date, last: date) -> list[date]:
    """Both included, oldest first."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its calendar month."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.replace(day=1), following - timedelta(days=1)
