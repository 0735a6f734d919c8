"""What is known at a terminal before its scans are judged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from kliento.domain.programmes.queries import STANDINGS, earned_since, standing_from
from kliento.domain.programmes.rules import Standing
from kliento.domain.visits.rules import SAME_VISIT_WITHIN, Outcome
from kliento.kernel import sets
from kliento.kernel.actor import TerminalActor

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """A visit that stands: what a scan of the same card at the same premises may belong to."""

    id: UUID
    subject_id: UUID | None
    entry_id: UUID
    fields: frozenset[str]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class KnownScan:
    """A scan that was answered already."""

    body_hash: bytes
    outcome: Outcome
    first_at: datetime | None
    visit: KnownVisit | None


@dataclass(frozen=True, slots=True)
class AtTerminal:
    """Everything already known that matters to a batch of scans at one terminal."""

    scans: dict[UUID, KnownScan]
    visits: dict[UUID, list[KnownVisit]]
    unknown_codes: int
    standings: dict[UUID, Standing]


def at_terminal(shown: Sequence[tuple[UUID, UUID | None, datetime]], *, by: TerminalActor, at: datetime) -> AtTerminal:
    """What is known about these (scan id, subject, occurred at): answered scans by id, the subjects' visits to these
    premises about then, how many unknown codes the terminal has shown within a minute, and how the subjects' loyalty
    cards of this third party stand. One statement, of which programmes write their own part.
    """
    table, parameters = sets.given(
        connection,
        {"scan_id": "uuid", "subject_id": "uuid", "earliest": "timestamptz", "latest": "timestamptz"},
        [
            (scan_id, subject_id, occurred_at - SAME_VISIT_WITHIN, occurred_at + SAME_VISIT_WITHIN)
            for scan_id, subject_id, occurred_at in shown
        ],
    )
    place = (by.terminal_id, by.premises_id, by.terminal_id, at - _A_MINUTE, earned_since(at), at, by.third_party_id)
    parameters += [sets.parameter(connection, value) for value in place]
    statement = _AT_TERMINAL.format(given=table, standings=STANDINGS[connection.vendor])
    scans: dict[UUID, KnownScan] = {}
    visits: dict[UUID, list[KnownVisit]] = {}
    standings: dict[UUID, Standing] = {}
    unknown_codes = 0
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for what, scan_id, body_hash, outcome, first_at, count, *visit in cursor.fetchall():
            if what == "stamps":
                subject_id = sets.identifier(visit[1])
                standings[subject_id] = standing_from(subject_id, visit[3])
                continue
            known = _visit(visit)
            if what == "scan":
                scans[sets.identifier(scan_id)] = KnownScan(
                    bytes(body_hash), Outcome(outcome), None if first_at is None else sets.moment(first_at), known
                )
            elif known is not None and known.subject_id is not None:
                visits.setdefault(known.subject_id, []).append(known)
            else:
                unknown_codes = count
    return AtTerminal(scans, visits, unknown_codes, standings)


_AT_TERMINAL = """
    WITH given AS (SELECT * FROM {given} AS rows)
    SELECT 'scan', scan.id, scan.body_hash, scan.outcome, scan.first_at, 0,
           visit.id, visit.subject_id, visit.entry_id, visit.fields, visit.occurred_at
    FROM given
    JOIN visits_scan AS scan ON scan.terminal_id = %s AND scan.id = given.scan_id
    LEFT JOIN visits_visit AS visit ON visit.id = scan.visit_id
    UNION ALL
    SELECT 'visit', NULL, NULL, NULL, NULL, 0,
           visit.id, visit.subject_id, visit.entry_id, visit.fields, visit.occurred_at
    FROM given
    JOIN visits_visit AS visit ON visit.subject_id = given.subject_id AND visit.premises_id = %s
     AND visit.occurred_at BETWEEN given.earliest AND given.latest
    UNION ALL
    SELECT 'unknown', NULL, NULL, NULL, NULL, COUNT(*), NULL, NULL, NULL, NULL, NULL
    FROM visits_scan AS scan WHERE scan.terminal_id = %s AND scan.received_at > %s AND scan.outcome = 'unknown'
    UNION ALL
    SELECT 'stamps', NULL, NULL, NULL, NULL, 0, NULL, stamps.subject_id, NULL, stamps.document, NULL
    FROM ({standings}) AS stamps
"""


def _visit(row: Sequence[object]) -> KnownVisit | None:
    visit_id, subject_id, entry_id, fields, occurred_at = row
    if visit_id is None:
        return None
    return KnownVisit(
        id=sets.identifier(visit_id),
        subject_id=None if subject_id is None else sets.identifier(subject_id),
        entry_id=sets.identifier(entry_id),
        fields=frozenset(json.loads(str(fields))),
        occurred_at=sets.moment(occurred_at),
    )
