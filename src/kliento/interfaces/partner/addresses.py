"""What portal pages take from their address: ranges and filters that can be bookmarked, and where a page goes on.

Anything else in the address is refused (threat 22): it is not ignored.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from kliento.domain.visits.rules.counting import MOST_DAYS, days_between, month_of
from kliento.kernel.errors import Invalid, NotFound

Key = tuple[datetime, UUID]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INCOMPLETE = _("This page address is not complete. Start from the first page.")


@dataclass(frozen=True, slots=True)
class Range:
    """Local days, both included, at all premises or one."""

    first: date
    last: date
    premises_id: UUID | None = None

    @property
    def days(self) -> list[date]:
        """Each of them, oldest first."""
        return days_between(self.first, self.last)

    @property
    def query(self) -> str:
        """As the address says it."""
        said = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return urlencode({**said, "premises": str(self.premises_id)} if self.premises_id else said)


def take_only(request: HttpRequest, *names: str) -> None:
    """Raise Invalid when the address carries any other key than these."""
    for name in request.GET:
        if name not in names:
            raise Invalid(_("This page does not take that."), code="unknown_key", pointer=name)


def send_only(request: HttpRequest, *names: str) -> None:
    """Raise Invalid when the form carries any other key than these and its token."""
    for name in request.POST:
        if name not in (*names, "csrfmiddlewaretoken"):
            raise Invalid(_("This page does not take that."), code="unknown_key", pointer=name)


def range_in(request: HttpRequest, *, premises: Collection[UUID], at: datetime) -> Range:
    """The range and premises in the address; this month at all of them where it says nothing.

    A last day alone begins with its month; a first day alone goes on until today. Raises Invalid for what is no day,
    for days the wrong way round and for more than a year, NotFound for premises that are not among `premises`.
    """
    today = localdate(at)
    last = _day_in(request, "to", today)
    first = _day_in(request, "from", month_of(last)[0])
    if first > last and not request.GET.get("to"):
        last = first
    if first > last:
        raise Invalid(_("The first day is after the last one."), code="range_wrong", pointer="from")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(_("Choose at most a year at a time."), code="range_wrong", pointer="to")
    place = _identifier(request.GET.get("premises") or "")
    if place is not None and place not in premises:
        raise NotFound(code="premises_unknown")
    return Range(first, last, place)


def key_in(request: HttpRequest) -> Key | None:
    """Where the page before ended; None on the first page. Raises Invalid for what is no such place."""
    text = request.GET.get("before")
    if not text:
        return None
    moment, _dash, identifier = text.partition("-")
    place = _identifier(identifier)
    if place is None or not (moment.isascii() and moment.isdigit() and len(moment) <= 17):
        raise Invalid(_INCOMPLETE, pointer="before")
    return _EPOCH + int(moment) * _MICROSECOND, place


def key_of(at: datetime, identifier: UUID) -> str:
    """The same place as an address says it."""
    return f"{(at - _EPOCH) // _MICROSECOND}-{identifier.hex}"


def last_in(request: HttpRequest) -> UUID | None:
    """The row the page before ended with, by its id alone; None on the first page. Raises Invalid for what is no id.

    For rows that one act makes at several companies: no moment stands in the address, and none can be found by trying
    one after the other (threat 8).
    """
    return _identifier(request.GET.get("before", ""))


def _day_in(request: HttpRequest, name: str, otherwise: date) -> date:
    text = request.GET.get(name)
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Enter a day, like 2026-11-22."), code="day_wrong", pointer=name) from error
    if not 2000 <= day.year < 2200:
        raise Invalid(_("Enter a day of this century."), code="day_wrong", pointer=name)
    return day


def _identifier(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_INCOMPLETE) from error
