"""Today and visits: figures, the plot with its table, the list, and the files."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kliento.domain.recipients.queries import premises_of
from kliento.domain.recipients.rules import Right, may
from kliento.domain.visits.actions import export_visits
from kliento.domain.visits.queries import VisitRow, counts_between, crowd_of_month, inside_now, visits_between
from kliento.domain.visits.rules.counting import newest_counted
from kliento.interfaces.partner.addresses import Range, key_in, key_of, range_in, take_only
from kliento.interfaces.partner.files import table_file
from kliento.interfaces.partner.plots import plot_of
from kliento.interfaces.partner.showing import (
    cells_of,
    heading,
    lines_of,
    spans,
    tiles_of_counts,
    tiles_of_crowd,
    tiles_of_stays,
    tiles_of_today,
)
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.guards import OperatorRequest, operator_required

PAGE = 50
NEWEST = 10


@require_safe
@operator_required(Right.SEE_COUNTS)
def today(request: OperatorRequest) -> HttpResponse:
    """How it goes: visits of the day, the last seven days, people of the month, and who came last.

    A day that still grows is not published, nor is a month: who may see counts alone gets the last ones that are.
    """
    take_only(request)
    at, by = now(), request.operator
    exact, places = may(by.role, Right.SEE_VISITS), _places(request)
    day = localdate(at) if exact else localdate(at) - timedelta(days=1)
    month = day if exact else newest_counted(localdate(at))
    week = Range(day - timedelta(days=6), day)
    counts = counts_between(week.first, week.last, premises=list(places), by=by, at=at)
    of_the_day = [count for count in counts if count.day == day]
    page = {
        "tab": "today",
        "day": localdate(at),
        "exact": exact,
        "tiles": [
            *tiles_of_stays(_inside(request, at=at)),
            *tiles_of_today(of_the_day, counts, exact=exact),
            *tiles_of_crowd(crowd_of_month(month, by=by), month),
        ],
        "plot": plot_of(counts, days=week.days, premises=places),
        "places": list(places.values()),
        "lines": lines_of(visits_between(week.first, day, by=by, limit=NEWEST) if exact else [], places),
    }
    return render(request, "partner/today.html", page)


@require_safe
@operator_required(Right.SEE_COUNTS)
def visits(request: OperatorRequest) -> HttpResponse:
    """Visits of a range of days, at all premises or one: figures, the plot, and the list for who may see it."""
    take_only(request, "from", "to", "premises", "before")
    at, by, places = now(), request.operator, _places(request)
    try:
        chosen = range_in(request, premises=places, at=at)
    except Invalid as refusal:
        if refusal.pointer not in {"from", "to"}:
            raise
        return _wrong_range(request, refusal, places, at=at)
    exact = may(by.role, Right.SEE_VISITS)
    shown = {chosen.premises_id: places[chosen.premises_id]} if chosen.premises_id else places
    counts = counts_between(chosen.first, chosen.last, premises=list(shown), by=by, at=at)
    crowd = crowd_of_month(chosen.last, by=by)
    rows, next_before = _rows(request, chosen) if exact else ([], None)
    page = {
        **_filters(chosen, places, at=at),
        "first": chosen.first.isoformat(),
        "last": chosen.last.isoformat(),
        "chosen": chosen,
        "exact": exact,
        "some": any(count.visits != 0 for count in counts),
        "to_come": chosen.first > localdate(at),
        "tiles": tiles_of_counts(counts, chosen),
        "month": chosen.last,
        "month_to_come": crowd is None,
        "tiles_of_month": tiles_of_crowd(crowd, chosen.last),
        "plot": plot_of(counts, days=chosen.days, premises=shown),
        "places": list(shown.values()),
        "lines": lines_of(rows, places),
        "next_before": next_before,
        "is_first": "before" not in request.GET,
    }
    return render(request, "partner/visits.html", page)


@require_safe
@operator_required(Right.SEE_VISITS)
def visits_file(request: OperatorRequest, kind: str) -> HttpResponse:
    """The visits of the same range as a file."""
    take_only(request, "from", "to", "premises")
    at, by, places = now(), request.operator, _places(request)
    chosen = range_in(request, premises=places, at=at)
    name = _("visits") + f"-{chosen.first.isoformat()}-{chosen.last.isoformat()}"

    def read() -> Iterator[list[str]]:
        batches = export_visits(chosen.first, chosen.last, premises_id=chosen.premises_id, kind=kind, by=by, at=at)
        return (cells_of(line) for batch in batches for line in lines_of(batch, places))

    return table_file(name, kind, heading=heading(), read=read, by=by, at=at)


def _filters(chosen: Range, places: dict[UUID, str], *, at: datetime) -> dict[str, object]:
    return {
        "tab": "visits",
        "premises": places.items(),
        "premises_id": chosen.premises_id,
        "spans": spans(chosen, today=localdate(at)),
    }


def _wrong_range(request: OperatorRequest, refusal: Invalid, places: dict[UUID, str], *, at: datetime) -> HttpResponse:
    """The filters as they were sent, with what is wrong beside them."""
    sent = request.GET.get("premises", "")
    place = next((each for each in places if str(each) == sent), None)
    page = {
        **_filters(Range(date.min, date.min, place), places, at=at),
        "first": request.GET.get("from", ""),
        "last": request.GET.get("to", ""),
        "wrong": refusal.pointer,
        "problem": refusal.message,
    }
    return render(request, "partner/visits.html", page, status=400)


def _inside(request: OperatorRequest, *, at: datetime) -> int | None:
    """People where the company counts stays; None: it does so nowhere, or it is not theirs to see."""
    of_stays = [place.id for place in premises_of(request.operator.third_party_id) if place.stays]
    return inside_now(of_stays, by=request.operator, at=at) if of_stays else None


def _places(request: OperatorRequest) -> dict[UUID, str]:
    return {place.id: place.name for place in premises_of(request.operator.third_party_id)}


def _rows(request: OperatorRequest, chosen: Range) -> tuple[list[VisitRow], str | None]:
    """A page of visits, and where the next one begins."""
    found = visits_between(
        chosen.first,
        chosen.last,
        by=request.operator,
        premises_id=chosen.premises_id,
        before=key_in(request),
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return shown, key_of(shown[-1].occurred_at, shown[-1].id) if len(found) > PAGE else None
