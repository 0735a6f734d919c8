"""How many different people came to a third party in a month.

A month that is over is counted once (`actions.count_months`) and read from there ever after: figures that were counted
anew would tell who has left meanwhile (docs/decisions/0020).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate

from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right, may
from kliento.domain.visits.models import MonthCount, Visit
from kliento.domain.visits.queries.days import given_days
from kliento.domain.visits.rules import counting
from kliento.domain.visits.rules.counting import Crowd
from kliento.kernel import sets
from kliento.kernel.actor import OperatorActor


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
        return Crowd(*everybody_in(day, by.third_party_id)) if exact else None
    if exact:
        return Crowd(counted.people, counted.came_back)
    return counting.crowd(people=counted.published_people, came_back=counted.published_came_back)


def everybody_in(day: date, third_party_id: UUID) -> tuple[int, int]:
    """People in the month of `day` who are still known, and how many of them came on more than one day."""
    return _crowd(_EVERYBODY, [], day=day, third_party_id=third_party_id)


def published_in(day: date, third_party_id: UUID) -> tuple[int, int]:
    """The same, counted over the published cells of the month alone."""
    return _crowd(_PUBLISHED, [counting.FEWEST], day=day, third_party_id=third_party_id)


def months_to_count(third_party_id: UUID, *, at: datetime) -> list[date]:
    """The first days of its months that are over and not counted, oldest first; the newest of them even if empty."""
    newest = counting.newest_counted(localdate(at))
    counted = set(MonthCount.objects.filter(third_party_id=third_party_id).values_list("month", flat=True))
    if newest in counted:
        return []
    visits = Visit.objects.filter(third_party_id=third_party_id).order_by("occurred_at")
    oldest = visits.values_list("occurred_at", flat=True).first()
    months = counting.months_between(min(localdate(oldest), newest) if oldest else newest, newest)
    return [month for month in months if month not in counted]


def _crowd(statement: str, others: Sequence[int], *, day: date, third_party_id: UUID) -> tuple[int, int]:
    table, parameters = given_days(counting.days_between(*counting.month_of(day)))
    parameters += [sets.parameter(connection, third_party_id), *others]
    with connection.cursor() as cursor:
        cursor.execute(statement.format(given=table), parameters)
        people, came_back = cursor.fetchone()
    return people, came_back


# CROSS JOIN and SELECT at the beginning: as in attendance.py.
_EVERYBODY = """
    SELECT COUNT(*), COUNT(CASE WHEN first <> last THEN 1 END) FROM (
        SELECT visit.relationship_id, MIN(given.day) AS first, MAX(given.day) AS last
        FROM {given} AS given CROSS JOIN visits_visit AS visit
        WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
          AND visit.relationship_id IS NOT NULL
        GROUP BY visit.relationship_id
    ) AS people
"""
_PUBLISHED = """
    SELECT COUNT(*), COUNT(CASE WHEN days > 1 THEN 1 END) FROM (
        WITH met AS (
            SELECT given.day, visit.premises_id, visit.relationship_id,
                   COALESCE(visit.relationship_id, visit.id) AS person
            FROM {given} AS given CROSS JOIN visits_visit AS visit
            WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
            GROUP BY given.day, visit.premises_id, visit.relationship_id, COALESCE(visit.relationship_id, visit.id)
        ),
        cell AS (SELECT day, premises_id, COUNT(*) AS people FROM met GROUP BY day, premises_id),
        shown AS (
            SELECT cell.day, cell.premises_id FROM cell
            WHERE cell.people - COALESCE(
                (SELECT again.visits FROM visits_leavers_again AS again
                 WHERE again.premises_id = cell.premises_id AND CAST(again.day AS text) = cell.day), 0) >= %s
        )
        SELECT met.relationship_id, COUNT(DISTINCT met.day) AS days
        FROM met JOIN shown ON shown.day = met.day AND shown.premises_id = met.premises_id
        WHERE met.relationship_id IS NOT NULL
        GROUP BY met.relationship_id
    ) AS people
"""
