"""A third party's visits as its own people may read them: rows, counts by day and premises, people of a month.

Who may see visits gets rows and exact counts; who may see counts gets what `rules.counting` publishes. Each query
is one range of one index, whatever lies before and after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.timezone import get_default_timezone, localdate

from kliento.domain.people.queries import in_state
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right, may
from kliento.domain.sharing.queries import relations
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import counting
from kliento.domain.visits.rules.counting import Cell, Count, Crowd
from kliento.kernel import sets
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit; `fields` were shown at the till. Whoever has left or is leaving has neither them nor a number."""

    id: UUID
    occurred_at: datetime
    member_number: str
    premises_id: UUID
    fields: tuple[str, ...]
    disputed: bool


def visits_between(
    first: date,
    last: date,
    *,
    by: OperatorActor,
    premises_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[VisitRow]:
    """The visits of these local days, both included, newest first, older than the one `before` names (time and id).

    Two statements. Raises NotAllowed for a role that may not see visits.
    """
    require(by, Right.SEE_VISITS)
    starts, ends = _moments(first)[0], _moments(last)[1]
    found = Visit.objects.annotate(leaving=in_state("subject_id", "erasing"))
    rows = found.filter(third_party_id=by.third_party_id, occurred_at__gte=starts, occurred_at__lt=ends)
    if premises_id is not None:
        rows = rows.filter(premises_id=premises_id)
    page = rows.filter(_older(before)).order_by("-occurred_at", "-id")[:limit]
    return _rows([_without_leaver(visit, leaving=visit.leaving) for visit in page], by.third_party_id)


def visits_of_member(relationship_id: UUID, number: str, *, by: OperatorActor, limit: int) -> list[VisitRow]:
    """The newest visits of one member of this third party. One statement; nothing for somebody else's member."""
    require(by, Right.SEE_VISITS)
    found = Visit.objects.filter(relationship_id=relationship_id, third_party_id=by.third_party_id).order_by("-id")
    return [_row(visit, number) for visit in found[:limit]]


def counts_between(
    first: date, last: date, *, premises: Sequence[UUID], by: OperatorActor, at: datetime
) -> list[Count]:
    """The visits of each local day at each of these premises: exact, or as they are published. One statement.

    Raises Invalid for more days than `MOST_DAYS`, NotAllowed for a role that may not see counts.
    """
    require(by, Right.SEE_COUNTS)
    days = _days(first, last)
    if may(by.role, Right.SEE_VISITS):
        cells = _cells(days, third_party_id=by.third_party_id, statement=_VISITS)
        return counting.exact(cells, days=days, premises=premises)
    cells = _cells(days, third_party_id=by.third_party_id, statement=_CELLS)
    return counting.published(cells, days=days, premises=premises, today=localdate(at))


def crowd_of_month(day: date, *, by: OperatorActor, at: datetime) -> Crowd:
    """Different people in the calendar month of `day`, at all premises together, and who came on more than one day.

    Who may only see counts gets it once the month is over, counted over its published cells. One statement.
    """
    require(by, Right.SEE_COUNTS)
    first, last = counting.month_of(day)
    if may(by.role, Right.SEE_VISITS):
        return Crowd(*_crowd(_EVERYBODY, [], days=(first, last), third_party_id=by.third_party_id))
    if last >= localdate(at):
        return Crowd(None, None)
    fewest = counting.FEWEST
    people, came_back = _crowd(_CROWD, [fewest], days=(first, last), third_party_id=by.third_party_id)
    return counting.crowd(people=people, came_back=came_back)


def _days(first: date, last: date) -> list[date]:
    days = counting.days_between(first, last)
    if not 0 < len(days) <= counting.MOST_DAYS:
        raise Invalid(code="range_wrong", pointer="to")
    return days


def _moments(day: date) -> tuple[datetime, datetime]:
    """When the local day begins and ends."""
    zone = get_default_timezone()
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)


def _older(before: tuple[datetime, UUID] | None) -> Q:
    if before is None:
        return Q()
    at, identifier = before
    return Q(occurred_at__lte=at) & (Q(occurred_at__lt=at) | Q(id__lt=identifier))


def _without_leaver(visit: Visit, *, leaving: bool) -> Visit:
    """The visit as it will stand once the erasure that has begun is through (R-DEL-1)."""
    if leaving:
        visit.subject_id, visit.fields = None, []
    return visit


def _rows(visits: Iterable[Visit], third_party_id: UUID) -> list[VisitRow]:
    found = list(visits)
    numbers = {
        pair.subject_id: relation.member_number
        for pair, relation in relations(
            (visit.subject_id, third_party_id) for visit in found if visit.subject_id is not None
        ).items()
    }
    return [_row(visit, numbers.get(visit.subject_id, "") if visit.subject_id else "") for visit in found]


def _row(visit: Visit, number: str) -> VisitRow:
    return VisitRow(
        id=visit.id,
        occurred_at=visit.occurred_at,
        member_number=number,
        premises_id=visit.premises_id,
        fields=tuple(visit.fields),
        disputed=visit.disputed_at is not None,
    )


def _cells(days: Sequence[date], *, third_party_id: UUID, statement: str) -> list[Cell]:
    table, parameters = _given(days)
    with connection.cursor() as cursor:
        parameters.append(sets.parameter(connection, third_party_id))
        cursor.execute(statement.format(given=table), parameters)
        return [
            Cell(date.fromisoformat(day), sets.identifier(premises_id), visits, people)
            for day, premises_id, visits, people in cursor.fetchall()
        ]


def _crowd(statement: str, others: Sequence[int], *, days: tuple[date, date], third_party_id: UUID) -> tuple[int, int]:
    table, parameters = _given(counting.days_between(*days))
    parameters += [sets.parameter(connection, third_party_id), *others]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(given=table), parameters)
        people, came_back = cursor.fetchone()
    return people, came_back


def _given(days: Sequence[date]) -> tuple[str, list[Any]]:
    """The days with the moments they begin and end, so that the database needs to know no time zone."""
    return sets.given(
        connection,
        {"day": "text", "starts": "timestamptz", "ends": "timestamptz"},
        [(day.isoformat(), *_moments(day)) for day in days],
    )


# CROSS JOIN: SQLite then goes from the days to the index, never from the visits to the days. Each begins with SELECT,
# by which our SQLite backend knows that it needs no write lock. Exact counts need no people: telling them apart costs.
_VISITS = """
    SELECT given.day, visit.premises_id, COUNT(*), 0
    FROM {given} AS given CROSS JOIN visits_visit AS visit
    WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
    GROUP BY given.day, visit.premises_id
"""
_EVERYBODY = """
    SELECT COUNT(*), COUNT(CASE WHEN first <> last THEN 1 END) FROM (
        SELECT visit.relationship_id, MIN(given.day) AS first, MAX(given.day) AS last
        FROM {given} AS given CROSS JOIN visits_visit AS visit
        WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
          AND visit.relationship_id IS NOT NULL
        GROUP BY visit.relationship_id
    ) AS people
"""
# What is published must not change when somebody leaves, or it would tell on which days they came (threat 23): each
# visit of people who left counts as one of somebody else. People of a month are those who are still known.
_CELLS = """
    SELECT given.day, visit.premises_id, COUNT(*), COUNT(DISTINCT COALESCE(visit.relationship_id, visit.id))
    FROM {given} AS given CROSS JOIN visits_visit AS visit
    WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
    GROUP BY given.day, visit.premises_id
"""
_CROWD = """
    SELECT COUNT(*), COUNT(CASE WHEN days > 1 THEN 1 END) FROM (
        WITH met AS (
            SELECT given.day, visit.premises_id, visit.relationship_id,
                   COALESCE(visit.relationship_id, visit.id) AS person
            FROM {given} AS given CROSS JOIN visits_visit AS visit
            WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
            GROUP BY given.day, visit.premises_id, visit.relationship_id, COALESCE(visit.relationship_id, visit.id)
        ),
        shown AS (SELECT day, premises_id FROM met GROUP BY day, premises_id HAVING COUNT(*) >= %s)
        SELECT met.relationship_id, COUNT(DISTINCT met.day) AS days
        FROM met JOIN shown ON shown.day = met.day AND shown.premises_id = met.premises_id
        WHERE met.relationship_id IS NOT NULL
        GROUP BY met.relationship_id
    ) AS people
"""
