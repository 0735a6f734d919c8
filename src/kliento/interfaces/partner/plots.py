"""Bars of a plot: counts of days brought together so that they fit, and where each bar stands. The page draws them.

One bar is a day (up to a month), a week (up to half a year) or a month. Its height is the sum of what is shown; where
nothing may be shown, the bar is a mark on the base line.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kliento.domain.visits.rules.counting import FEWEST, Count, total

_BY_DAY, _BY_WEEK = 31, 190
_LABELS = 7
HEIGHT = 100.0
_BAR, _STEP = 6.0, 10.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in a picture of `HEIGHT` units; `label` is empty where it would not fit, `spare` on a phone."""

    title: str
    label: str
    value: str
    named_cells: list[tuple[str, str]]
    x: float
    y: float
    width: float
    height: float
    withheld: bool
    spare: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """The bars, how wide the picture is, and the figures at its side, from the top down."""

    bars: list[Bar]
    width: float
    scale: list[int]
    partly: bool
    few: bool


def plot_of(counts: Sequence[Count], *, days: Sequence[date], premises: Mapping[UUID, str]) -> Plot:
    """The plot of these counts, which hold every day at every one of these premises (with their names)."""
    begins = _begins(days)
    groups: dict[date, list[Count]] = {begins(day): [] for day in days}
    for count in counts:
        groups[begins(count.day)].append(count)
    top = _top(max((total(group).visits for group in groups.values()), default=0))
    every = -(-len(groups) // _LABELS)
    last = len(groups) - every / 2  # a label further on would stand out at the side
    bars = [
        _bar(
            place,
            start,
            group,
            top=top,
            premises=premises,
            length=len(days),
            labelled=place % every == 0 and place <= last,
            spare=every > 1 and place // every % 2 == 1,
        )
        for place, (start, group) in enumerate(groups.items())
    ]
    return Plot(
        bars, len(bars) * _STEP, [top, top // 2, 0], any(total(group).partly for group in groups.values()), every == 1
    )


def in_words(counts: Sequence[Count]) -> str:
    """The sum of what is shown; in words where nothing is."""
    summed = total(counts)
    if summed.partly and not summed.visits:
        return few()
    return str(summed.visits)


def few() -> str:
    """What stands for a figure that is withheld."""
    return _("fewer than %(number)s") % {"number": FEWEST}


def _bar(
    place: int,
    start: date,
    group: Sequence[Count],
    *,
    top: int,
    premises: Mapping[UUID, str],
    length: int,
    labelled: bool,
    spare: bool,
) -> Bar:
    visits = total(group).visits
    height = HEIGHT * visits / top
    withheld = all(count.visits is None for count in group)
    title, label = _names(start, length)
    return Bar(
        title=title,
        label=label if labelled else "",
        value=in_words(group),
        named_cells=[
            (name, in_words([count for count in group if count.premises_id == one])) for one, name in premises.items()
        ]
        if len(premises) > 1
        else [],
        x=place * _STEP + (_STEP - _BAR) / 2,
        y=round(HEIGHT - (1 if withheld else height), 2),
        width=_BAR,
        height=1 if withheld else round(height, 2),
        withheld=withheld,
        spare=spare,
    )


def _begins(days: Sequence[date]) -> Callable[[date], date]:
    """The first day of the bar a day belongs to; no bar begins before the first of them."""
    first, length = days[0], len(days)
    if length <= _BY_DAY:
        return lambda day: day
    if length <= _BY_WEEK:
        return lambda day: max(first, day - timedelta(days=day.weekday()))
    return lambda day: max(first, day.replace(day=1))


def _names(start: date, length: int) -> tuple[str, str]:
    """In full for the table, and short for beneath the bar."""
    if length <= _LABELS:
        return date_format(start, "l j.n."), date_format(start, "D")
    if length <= _BY_DAY:
        return date_format(start, "D j.n."), date_format(start, "j.n.")
    if length <= _BY_WEEK:
        return _("Week of %(day)s") % {"day": date_format(start, "SHORT_DATE_FORMAT")}, date_format(start, "j.n.")
    return date_format(start, "YEAR_MONTH_FORMAT"), date_format(start, "M")


def _top(most: int) -> int:
    """A round number at or above the highest bar, with a whole half."""
    base = 2
    while True:
        for factor in (1, 2, 3, 4, 5):
            if base * factor >= most:
                return base * factor
        base *= 10
