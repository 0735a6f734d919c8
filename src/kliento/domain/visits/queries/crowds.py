"""How many different people came to a third party in a month.

A month that is over is counted once (`actions.count_months`) and read from there ever after: figures that were counted
anew would tell who has left meanwhile (docs/decisions/0020).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right, may
from kliento.domain.visits.models import MonthCount, Visit
from kliento.domain.visits.queries.days import COUNTS, given_days
from kliento.domain.visits.rules import counting
from kliento.domain.visits.rules.counting import Crowd, MonthFigures
from kliento.kernel import sets
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import day_of


def crowd_of_month(day: date, *, by: OperatorActor) -> Crowd | None:
    """Different people in the calendar month of `day`, at all premises together, and who came on more than one day.

    Who may see visits gets exact figures, of a month that is not counted yet those of now. Who may only see counts
    gets what `rules.counting` publishes, None before the month is counted. At most two statements. Raises NotAllowed
    for a role that may not see counts.
    """
    require(by, Right.SEE_COUNTS)
    exact = may(by.role, Right.SEE_VISITS)
    counted = MonthCount.objects.filter(third_party_id=by.third_party_id, month=day.replace(day=1)).first()
    if counted is None:
        return _everybody_in(day, by.third_party_id) if exact else None
    if exact:
        return Crowd(counted.people, counted.came_back)
    return counting.crowd(people=counted.published_people, came_back=counted.published_came_back)


def figures_of(month: date, third_party_id: UUID) -> MonthFigures:
    """The month of that day as it stands at one moment: those who are known, and those who have left since.

    One statement: whoever leaves meanwhile is counted in all four numbers. Whatever came in late since somebody left,
    there are no fewer people than in the fullest published cell.
    """
    table, days = _days_of(month)
    known, known_back, seen, seen_back, fullest = _one_row(
        _FIGURES.format(given=table, counts=COUNTS),
        [*days, *_of(third_party_id), *days, *_of(third_party_id), counting.FEWEST, *_gone(month, third_party_id)],
    )
    return MonthFigures(known, known_back, max(seen, fullest), seen_back)


def months_to_count(third_party_id: UUID, *, at: datetime) -> list[date]:
    """The first days of its months that are over and not counted, oldest first; the newest of them even if empty."""
    newest = counting.newest_counted(day_of(at))
    counted = set(MonthCount.objects.filter(third_party_id=third_party_id).values_list("month", flat=True))
    if newest in counted:
        return []
    visits = Visit.objects.filter(third_party_id=third_party_id).order_by("occurred_at")
    oldest = visits.values_list("occurred_at", flat=True).first()
    months = counting.months_between(min(day_of(oldest), newest) if oldest else newest, newest)
    return [month for month in months if month not in counted]


def _everybody_in(day: date, third_party_id: UUID) -> Crowd:
    table, days = _days_of(day)
    return Crowd(
        *_one_row(_NOW.format(given=table, counts=COUNTS), [*days, *_of(third_party_id), *_gone(day, third_party_id)])
    )


def _days_of(month: date) -> tuple[str, list[Any]]:
    return given_days(counting.days_between(*counting.month_of(month)))


def _of(third_party_id: UUID) -> list[object]:
    return [sets.parameter(connection, third_party_id)] * 2  # the second is that of COUNTS


def _gone(month: date, third_party_id: UUID) -> list[object]:
    return [sets.parameter(connection, third_party_id), month.replace(day=1).isoformat()]


def _one_row(statement: str, parameters: Sequence[Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return tuple(cursor.fetchone())


# CROSS JOIN and SELECT at the beginning: as in attendance.py.
_EVERYBODY = """
    SELECT COUNT(*) AS people, COUNT(CASE WHEN first <> last THEN 1 END) AS came_back FROM (
        SELECT visit.relationship_id, MIN(given.day) AS first, MAX(given.day) AS last
        FROM {given} AS given CROSS JOIN visits_visit AS visit
        WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
          {counts}
          AND visit.relationship_id IS NOT NULL
        GROUP BY visit.relationship_id
    ) AS people
"""
_PUBLISHED = """
    WITH met AS (
        SELECT given.day, visit.premises_id, visit.relationship_id,
               COALESCE(visit.relationship_id, visit.id) AS person
        FROM {given} AS given CROSS JOIN visits_visit AS visit
        WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
          {counts}
        GROUP BY given.day, visit.premises_id, visit.relationship_id, COALESCE(visit.relationship_id, visit.id)
    ),
    cell AS (
        SELECT met.day, met.premises_id, COUNT(*) - COALESCE(
            (SELECT again.visits FROM visits_leavers_again AS again
             WHERE again.premises_id = met.premises_id AND again.day = met.day), 0) AS people
        FROM met GROUP BY met.day, met.premises_id
    ),
    shown AS (SELECT day, premises_id, people FROM cell WHERE people >= %s),
    person AS (
        SELECT met.relationship_id, COUNT(DISTINCT met.day) AS days
        FROM met JOIN shown ON shown.day = met.day AND shown.premises_id = met.premises_id
        WHERE met.relationship_id IS NOT NULL
        GROUP BY met.relationship_id
    )
    SELECT COUNT(*) AS people, COUNT(CASE WHEN days > 1 THEN 1 END) AS came_back,
           COALESCE((SELECT MAX(shown.people) FROM shown), 0) AS fullest
    FROM person
"""
_GONE = "LEFT JOIN visits_leavers_of_month AS gone ON gone.third_party_id = %s AND gone.month = %s"
_NOW = f"""
    SELECT known.people + COALESCE(gone.people, 0), known.came_back + COALESCE(gone.came_back, 0)
    FROM ({_EVERYBODY}) AS known {_GONE}
"""  # noqa: S608 - our own parts
_FIGURES = f"""
    SELECT known.people + COALESCE(gone.people, 0), known.came_back + COALESCE(gone.came_back, 0),
           seen.people + COALESCE(gone.published_people, 0), seen.came_back + COALESCE(gone.published_came_back, 0),
           seen.fullest
    FROM ({_EVERYBODY}) AS known CROSS JOIN ({_PUBLISHED}) AS seen {_GONE}
"""  # noqa: S608 - our own parts
