"""Visits and figures as portal pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kliento.domain.visits.queries import VisitRow
from kliento.domain.visits.rules.counting import Count, Crowd, month_of, total
from kliento.interfaces.partner.addresses import Range
from kliento.interfaces.partner.plots import few, in_words
from kliento.web.reading import labels_of

LEAST_MEAN = 0.1  # a day; less reads as none


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure and what it counts."""

    figure: str
    what: str

    @property
    def in_words(self) -> bool:
        """Whether it is no figure, and needs another size."""
        return self.figure == few()


@dataclass(frozen=True, slots=True)
class Line:
    """One visit in words; `number` is empty after the person has left."""

    at: datetime
    number: str
    premises: str
    shown: str
    disputed: bool
    fallen: bool = False
    same_visit: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A range one often wants, and whether it is the one on the page."""

    name: str
    query: str
    current: bool


def lines_of(rows: Sequence[VisitRow], premises: Mapping[UUID, str]) -> list[Line]:
    """The visits in words, in the same order."""
    return [
        Line(
            at=row.occurred_at,
            number=row.member_number,
            premises=premises.get(row.premises_id, ""),
            shown=labels_of(row.fields),
            disputed=row.disputed,
            fallen=row.fallen,
            same_visit=row.same_visit,
        )
        for row in rows
    ]


def cells_of(line: Line) -> list[str]:
    """The visit as a row of a file: time, member, premises, what was shown, and what is to be known of it."""
    return [
        localtime(line.at).strftime("%Y-%m-%d %H:%M:%S"),
        line.number,
        line.premises,
        line.shown,
        _mark(line),
    ]


def _mark(line: Line) -> str:
    if line.fallen:
        return _("Does not count")
    if line.disputed:
        return _("Not them, says the member")
    return _("Same visit, another card") if line.same_visit else ""


def heading() -> list[str]:
    """What stands above those."""
    return [_("Time"), _("Member"), pgettext("one place", "Premises"), _("Shown to you"), _("Mark")]


def tiles_of_crowd(crowd: Crowd | None, day: date) -> list[Tile]:
    """People of the month of `day` at all premises, and how many of them came on more than one day; None: to come."""
    month, none = date_format(day, "F"), "–"
    people = few() if crowd and crowd.people is None else str(crowd.people) if crowd else none
    number = crowd.people or 0 if crowd else 0
    back = f"{round(100 * crowd.came_back / number)} %" if crowd and number and crowd.came_back is not None else none
    return [
        Tile(people, ngettext("person in %(month)s", "people in %(month)s", number) % {"month": month}),
        Tile(back, _("of them came back in %(month)s") % {"month": month}),
    ]


def tiles_of_counts(counts: Sequence[Count], chosen: Range) -> list[Tile]:
    """Visits in all, and on a day."""
    summed = total(counts)
    tiles = [Tile(in_words(counts), ngettext("visit", "visits", summed.visits))]
    mean = summed.visits / len(chosen.days)
    if mean >= LEAST_MEAN and not summed.partly:
        tiles.append(Tile(mean_in_words(mean), _("visits a day")))
    return tiles


def tiles_of_stays(inside: int | None) -> list[Tile]:
    """How many are there at this moment, where cards are shown on the way out, too."""
    return [] if inside is None else [Tile(str(inside), ngettext("person inside now", "people inside now", inside))]


def tiles_of_today(day: Sequence[Count], week: Sequence[Count], *, exact: bool) -> list[Tile]:
    """Visits of the day, or of yesterday where the day is not shown, and of the week."""
    of_day = total(day).visits
    today = ngettext("visit today", "visits today", of_day)
    yesterday = ngettext("visit yesterday", "visits yesterday", of_day)
    in_week = ngettext("visit in 7 days", "visits in 7 days", total(week).visits)
    return [Tile(in_words(day), today if exact else yesterday), Tile(in_words(week), in_week)]


def mean_in_words(number: float) -> str:
    """A mean as people write it: whole from ten on, else with one decimal."""
    return str(number_format(number, decimal_pos=0 if number >= 10 else 1))


def spans(chosen: Range, *, today: date) -> list[Span]:
    """Ranges a click away, at the same premises."""
    this, before = month_of(today), month_of(today.replace(day=1) - timedelta(days=1))
    named = [
        (_("Today"), (today, today)),
        (_("7 days"), (today - timedelta(days=6), today)),
        (_("This month"), (this[0], today)),
        (_("Last month"), before),
        (_("12 months"), (today - timedelta(days=364), today)),
    ]
    ranges = [(name, Range(first, last, chosen.premises_id)) for name, (first, last) in named]
    return [Span(name, one.query, one == chosen) for name, one in ranges]
