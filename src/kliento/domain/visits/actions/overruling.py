"""One rotating code shown at two tills without a network: the earlier use stands, in whatever order they are told.

Of two uses the one with the lower (occurred at, scan id) stands. When that one is told second, what the other had begun
is undone here, in the transaction that records it: at most 15 statements more for any number of them, none without;
a person who claimed cards brings some of their own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.programmes.actions import reverse_earnings
from kliento.domain.recipients.queries import terminals_at
from kliento.domain.sharing.actions import end_grants_of_openings
from kliento.domain.visits import rules
from kliento.domain.visits.actions.bringing import bring_what_stayed
from kliento.domain.visits.actions.scans import Shown
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries import ScanKey
from kliento.domain.visits.rules import Outcome
from kliento.kernel import sets
from kliento.kernel.ids import first_id_at
from kliento.kernel.rows import Among

_NAMED_EARLIER = timedelta(minutes=2)  # than a scan occurred: its id was made when the till began to look


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A scan by which somebody was somewhere, and another one of its code that was told later and is earlier."""

    later: ScanKey
    by: Shown


class _Begun(NamedTuple):
    """The visit to which an overtaken scan belonged. `opened_at`: when it may have opened the relationship."""

    id: UUID
    terminal_id: UUID
    scan_id: UUID
    subject_id: UUID
    relationship_id: UUID | None
    third_party_id: UUID
    premises_id: UUID
    occurred_at: datetime
    opened_at: datetime | None


def overrule(overtaken: Sequence[Overtaken], *, at: datetime) -> None:
    """These scans read `replayed` from now on. A visit that nothing else stands for does not count any more.

    Its stamps are taken back, a claimed card's that stayed because of them count, what it shared by being the first
    ends, and the person is told. Inside the caller's transaction, with the people locked.
    """
    begun = _visits_of(overtaken)
    _read_replayed(overtaken)
    standing = _still_shown(begun, at=at) | _shown_there_by(overtaken, begun)
    fallen = [visit for visit in begun if visit.id not in standing]
    if not fallen:
        return
    Visit.objects.filter(id__in=Among([visit.id for visit in fallen])).update(overruled_at=at)
    reverse_earnings([visit.id for visit in fallen], at=at)
    bring_what_stayed({visit.subject_id for visit in fallen}, at=at)
    record(
        [
            NewEntry(
                visit.subject_id,
                "visit_overruled",
                at,
                visit.third_party_id,
                payload={"visit_id": str(visit.id), "premises_id": str(visit.premises_id)},
            )
            for visit in fallen
        ]
    )
    companies = {one.by.pair for one in overtaken}
    opened = {
        visit.relationship_id: visit.opened_at
        for visit in fallen
        if visit.relationship_id and visit.opened_at and (visit.subject_id, visit.third_party_id) not in companies
    }
    end_grants_of_openings(opened, at=at)


def _visits_of(overtaken: Sequence[Overtaken]) -> list[_Begun]:
    """The visits that stand and to which these scans belong, each once. One statement."""
    table, parameters = sets.given(
        connection, {"terminal_id": "uuid", "scan_id": "uuid"}, [one.later for one in overtaken]
    )
    with connection.cursor() as cursor:
        cursor.execute(_VISITS.format(given=table), parameters)
        found = {visit.id: visit for visit in map(_visit, cursor.fetchall())}
    return sorted(found.values(), key=lambda visit: visit.id.int)


def _visit(row: Sequence[object]) -> _Begun:
    *ids, relationship_id, occurred_at, received_at, is_first = row
    visit_id, terminal_id, scan_id, subject_id, third_party_id, premises_id = map(sets.identifier, ids)
    return _Begun(
        visit_id,
        terminal_id,
        scan_id,
        subject_id,
        None if relationship_id is None else sets.identifier(relationship_id),
        third_party_id,
        premises_id,
        sets.moment(occurred_at),
        sets.moment(received_at) if is_first else None,
    )


def _read_replayed(overtaken: Sequence[Overtaken]) -> None:
    """What these scans are answered if they are sent again; only at the same premises it says when. One statement."""
    rows = [(*one.later, one.by.by.premises_id, one.by.occurred_at) for one in overtaken]
    columns = {"terminal_id": "uuid", "scan_id": "uuid", "premises_id": "uuid", "first_at": "timestamptz"}
    table, parameters = sets.given(connection, columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(_REPLAYED.format(given=table), [Outcome.REPLAYED.value, *parameters])


def _still_shown(begun: Sequence[_Begun], *, at: datetime) -> set[UUID]:
    """The visits that another scan stands for: somebody showed another code there, too. At most two statements."""
    if not begun:
        return set()
    terminals = terminals_at({visit.premises_id for visit in begun})
    last = first_id_at(at + rules.CLOCK_MAY_BE_AHEAD)
    rows: list[tuple[UUID, UUID, UUID, UUID]] = []
    for visit in begun:
        rows.append((visit.id, visit.terminal_id, visit.scan_id, visit.scan_id))
        first = first_id_at(visit.occurred_at - rules.SAME_VISIT_WITHIN - _NAMED_EARLIER)
        rows += [(visit.id, terminal_id, first, last) for terminal_id in terminals.get(visit.premises_id, ())]
    columns = {"visit_id": "uuid", "terminal_id": "uuid", "first_id": "uuid", "last_id": "uuid"}
    table, parameters = sets.given(connection, columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS.format(given=table), parameters)
        return {sets.identifier(row[0]) for row in cursor.fetchall()}


def _shown_there_by(overtaken: Sequence[Overtaken], begun: Collection[_Begun]) -> set[UUID]:
    """The visits to which the earlier scan belongs itself: two tills of the same place."""
    return {
        visit.id
        for visit in begun
        for one in overtaken
        if one.by.by.premises_id == visit.premises_id
        and one.by.subject_id == visit.subject_id
        and rules.in_same_visit(visit.occurred_at, occurred_at=one.by.occurred_at)
    }


# CROSS JOIN: SQLite then goes from what is given to the index.
_VISITS = """
    SELECT visit.id, visit.terminal_id, visit.scan_id, visit.subject_id, visit.third_party_id, visit.premises_id,
           visit.relationship_id, visit.occurred_at, begun.received_at,
           CASE WHEN EXISTS (
               SELECT 1 FROM visits_visit AS before
               WHERE before.relationship_id = visit.relationship_id AND before.id < visit.id
                 AND before.disputed_at IS NULL AND before.cancelled_at IS NULL AND before.overruled_at IS NULL
           ) THEN 0 ELSE 1 END
    FROM {given} AS given CROSS JOIN visits_scan AS scan
    JOIN visits_visit AS visit ON visit.id = scan.visit_id
    JOIN visits_scan AS begun ON begun.terminal_id = visit.terminal_id AND begun.id = visit.scan_id
    WHERE scan.terminal_id = given.terminal_id AND scan.id = given.scan_id AND visit.subject_id IS NOT NULL
      AND visit.disputed_at IS NULL AND visit.cancelled_at IS NULL AND visit.overruled_at IS NULL
"""
_REPLAYED = """
    UPDATE visits_scan SET outcome = %s, visit_id = NULL,
        first_at = CASE WHEN given.premises_id = (
            SELECT visit.premises_id FROM visits_visit AS visit WHERE visit.id = visits_scan.visit_id
        ) THEN given.first_at END
    FROM {given} AS given
    WHERE visits_scan.terminal_id = given.terminal_id AND visits_scan.id = given.scan_id
"""
_OTHERS = """
    SELECT DISTINCT scan.visit_id FROM {given} AS given CROSS JOIN visits_scan AS scan
    WHERE scan.terminal_id = given.terminal_id AND scan.id >= given.first_id AND scan.id <= given.last_id
      AND scan.visit_id = given.visit_id
"""
