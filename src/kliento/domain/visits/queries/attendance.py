"""A third party's visits as its own people may read them: rows, and counts by day and premises.

Who may see visits gets rows and exact counts; who may see counts gets what `rules.counting` publishes. Each query
is one range of one index, whatever lies before and after it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from kliento.domain.people.queries import in_state
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right, may
from kliento.domain.sharing.queries import relations
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries.days import COUNTS, given_days, moments_of
from kliento.domain.visits.queries.once import same_visits
from kliento.domain.visits.rules import LONGEST_STAY, counting
from kliento.domain.visits.rules.counting import Cell, Count
from kliento.kernel import sets
from kliento.kernel.actor import OperatorActor
from kliento.kernel.clock import day_of
from kliento.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit; `fields` were shown at the till. Whoever has left or is leaving has neither them nor a number.

    `fallen`: it was undone at the till, or another use of the same code was earlier; it counts no more. `same_visit`:
    another card of the same member had been shown at that visit already.
    """

    id: UUID
    occurred_at: datetime
    member_number: str
    premises_id: UUID
    fields: tuple[str, ...]
    disputed: bool
    fallen: bool = False
    same_visit: bool = False


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

    At most five statements. Raises NotAllowed for a role that may not see visits.
    """
    require(by, Right.SEE_VISITS)
    starts, ends = moments_of(first)[0], moments_of(last)[1]
    found = Visit.objects.annotate(leaving=in_state("subject_id", "erasing"))
    rows = found.filter(third_party_id=by.third_party_id, occurred_at__gte=starts, occurred_at__lt=ends)
    if premises_id is not None:
        rows = rows.filter(premises_id=premises_id)
    page = rows.filter(_older(before)).order_by("-occurred_at", "-id")[:limit]
    return _rows([_without_leaver(visit, leaving=visit.leaving) for visit in page], by.third_party_id)


def visits_of_member(relationship_id: UUID, number: str, *, by: OperatorActor, limit: int) -> list[VisitRow]:
    """The newest visits of one member of this third party; nothing for somebody else's. At most four statements."""
    require(by, Right.SEE_VISITS)
    found = Visit.objects.filter(relationship_id=relationship_id, third_party_id=by.third_party_id).order_by("-id")
    page = list(found[:limit])
    again = same_visits(page)
    return [_row(visit, number, again) for visit in page]


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
    cells = cells_of(days, third_party_id=by.third_party_id)
    return counting.published(cells, days=days, premises=premises, today=day_of(at))


def cells_of(days: Sequence[date], *, third_party_id: UUID) -> list[Cell]:
    """Visits and different people of each of these local days at each of its premises, as they stand. One statement."""
    return _cells(days, third_party_id=third_party_id, statement=_CELLS)


def inside_now(premises_ids: Sequence[UUID], *, by: OperatorActor, at: datetime) -> int | None:
    """How many people are at these premises, of those where stays are counted. One statement.

    None for whoever may see counts alone: a figure that moves with each person who comes or goes tells of each (threat
    23), and of the same day nothing else is published either. Raises NotAllowed for a role that may see neither.
    """
    require(by, Right.SEE_COUNTS)
    if not may(by.role, Right.SEE_VISITS):
        return None
    here = Visit.objects.filter(third_party_id=by.third_party_id, premises_id__in=premises_ids)
    here = here.exclude(subject_id=None)
    newest = here.filter(occurred_at__gt=at - LONGEST_STAY, occurred_at__lte=at, cancelled_at=None, overruled_at=None)
    last: dict[tuple[UUID, UUID | None], bool] = {}
    for premises_id, subject_id, left_at in newest.order_by("occurred_at").values_list(
        "premises_id", "subject_id", "left_at"
    ):
        last[premises_id, subject_id] = left_at is None
    return sum(last.values())


def _days(first: date, last: date) -> list[date]:
    days = counting.days_between(first, last)
    if not 0 < len(days) <= counting.MOST_DAYS:
        raise Invalid(code="range_wrong", pointer="to")
    return days


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
    again = same_visits([visit for visit in found if visit.subject_id is not None])
    return [_row(visit, numbers.get(visit.subject_id, "") if visit.subject_id else "", again) for visit in found]


def _row(visit: Visit, number: str, again: Collection[UUID]) -> VisitRow:
    return VisitRow(
        id=visit.id,
        occurred_at=visit.occurred_at,
        member_number=number,
        premises_id=visit.premises_id,
        fields=tuple(visit.fields),
        disputed=visit.disputed_at is not None,
        fallen=visit.cancelled_at is not None or visit.overruled_at is not None,
        same_visit=visit.id in again,
    )


def _cells(days: Sequence[date], *, third_party_id: UUID, statement: str) -> list[Cell]:
    table, parameters = given_days(days)
    with connection.cursor() as cursor:
        parameters += [sets.parameter(connection, third_party_id)] * 2
        cursor.execute(statement.format(given=table, counts=COUNTS), parameters)
        return [
            Cell(sets.day(day), sets.identifier(premises_id), visits, people)
            for day, premises_id, visits, people in cursor.fetchall()
        ]


# CROSS JOIN: SQLite then goes from the days to the index, never from the visits to the days. Each begins with SELECT,
# by which our SQLite backend knows that it needs no write lock. Exact counts need no people: telling them apart costs.
_VISITS = """
    SELECT given.day, visit.premises_id, COUNT(*), 0
    FROM {given} AS given CROSS JOIN visits_visit AS visit
    WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
        {counts}
    GROUP BY given.day, visit.premises_id
"""
# What is published must not change when somebody leaves, or it would tell on which days they came (threat 23): each
# visit of people who left counts as one of somebody else, but for those that were their second or later of the day.
_CELLS = """
    SELECT cell.day, cell.premises_id, cell.visits, cell.people - COALESCE(
        (SELECT again.visits FROM visits_leavers_again AS again
         WHERE again.premises_id = cell.premises_id AND again.day = cell.day), 0)
    FROM (
        SELECT given.day, visit.premises_id, COUNT(*) AS visits,
               COUNT(DISTINCT COALESCE(visit.relationship_id, visit.id)) AS people
        FROM {given} AS given CROSS JOIN visits_visit AS visit
        WHERE visit.third_party_id = %s AND visit.occurred_at >= given.starts AND visit.occurred_at < given.ends
        {counts}
        GROUP BY given.day, visit.premises_id
    ) AS cell
"""
