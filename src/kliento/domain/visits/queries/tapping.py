"""What is known at the terminals of a batch before its scans are judged."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kliento.domain.cards.queries import CHANGED, CLAIMED, Presented
from kliento.domain.programmes.queries import STANDINGS, earned_since, standing_from
from kliento.domain.programmes.rules import Standing
from kliento.domain.recipients.queries import STANDING_TERMINALS, terminal_from
from kliento.domain.sharing.rules import Pair
from kliento.domain.visits.rules import LONGEST_STAY, SAME_VISIT_WITHIN, Outcome
from kliento.kernel import sets
from kliento.kernel.actor import TerminalActor
from kliento.kernel.statements import Statement, ask

_A_MINUTE = timedelta(minutes=1)


class Place(NamedTuple):
    """A subject at premises: there visits are told apart by the interval alone."""

    subject_id: UUID
    premises_id: UUID


class ScanKey(NamedTuple):
    """A terminal names its scans itself, so a scan is known by both."""

    terminal_id: UUID
    scan_id: UUID


class AskedScan(NamedTuple):
    """A scan of which something may be known: which, by what terminal, of whom, when, and the medium as found."""

    id: UUID
    by: TerminalActor
    subject_id: UUID | None
    occurred_at: datetime
    medium: Presented | None


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """A visit that stands: what a scan of the same card at the same premises may belong to, or end.

    `subject_id`: whose it is by now, also where it was made with a card they claimed since. `medium_id`: what began it.
    """

    id: UUID
    subject_id: UUID | None
    entry_id: UUID
    fields: frozenset[str]
    occurred_at: datetime
    left_at: datetime | None = None
    level: str = ""
    medium_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownScan:
    """A scan that was answered already."""

    body_hash: bytes
    outcome: Outcome
    first_at: datetime | None
    visit: KnownVisit | None


@dataclass(slots=True)
class AtTerminals:
    """Everything already known that matters to a batch of scans. `standing`: the terminals that may record now;
    `changed`: the media that do not stand as they were found before anything was locked."""

    standing: dict[UUID, TerminalActor] = field(default_factory=dict)
    scans: dict[ScanKey, KnownScan] = field(default_factory=dict)
    visits: dict[Place, list[KnownVisit]] = field(default_factory=dict)
    unknown_codes: dict[UUID, int] = field(default_factory=dict)
    standings: dict[Pair, Standing] = field(default_factory=dict)
    changed: set[UUID] = field(default_factory=set)


def at_terminals(asked: Sequence[AskedScan], *, at: datetime) -> AtTerminals:
    """What is known about these scans: which of their terminals still stand, answered scans, the subjects' visits to
    the same premises about then, those with a card they claimed among them, how many unknown codes each terminal has
    shown within a minute, how the subjects' loyalty cards of these third parties stand, and which media changed since.

    One statement, of which recipients, cards and programmes write their own parts.
    """
    return ask(known_at_terminals(asked, at=at))


def known_at_terminals(asked: Sequence[AskedScan], *, at: datetime) -> Statement[AtTerminals]:
    """The statement of `at_terminals`, for whoever sends others with it."""
    table, parameters = sets.given(connection, _GIVEN, [_row(one) for one in asked])
    others = (at - _A_MINUTE, earned_since(at), at)
    parameters += [sets.parameter(connection, value) for value in others]
    return Statement(_statement(connection.vendor).replace("{given}", table, 1), parameters, _known)


def _known(rows: Sequence[tuple[Any, ...]]) -> AtTerminals:
    known = AtTerminals()
    for what, *row in rows:
        _READERS[what](known, row)
    return known


_GIVEN: Mapping[str, str] = {
    "terminal_id": "uuid",
    "premises_id": "uuid",
    "third_party_id": "uuid",
    "scan_id": "uuid",
    "subject_id": "uuid",
    "earliest": "timestamptz",
    "latest": "timestamptz",
    "medium_id": "uuid",
    "card_id": "uuid",
    "blocked": "boolean",
}


def _row(one: AskedScan) -> tuple[object, ...]:
    earliest, latest = one.occurred_at - LONGEST_STAY, one.occurred_at + SAME_VISIT_WITHIN
    by, medium = one.by, one.medium
    found = (None, None, None) if medium is None else (medium.medium_id, medium.card_id, medium.blocked)
    return (by.terminal_id, by.premises_id, by.third_party_id, one.id, one.subject_id, earliest, latest, *found)


# LEFT JOIN: either engine then goes from the batch to the indexes, whatever it believes of the size of the tables.
_AT_TERMINALS = """
    WITH given AS MATERIALIZED (SELECT * FROM {given} AS rows)
    SELECT 'terminal', terminal_id, NULL, NULL, document, NULL,
           (SELECT COUNT(*) FROM visits_scan AS scan
            WHERE scan.terminal_id = terminals.terminal_id AND scan.received_at > %%s AND scan.outcome = 'unknown'),
           NULL, NULL, NULL, NULL, NULL, NULL
    FROM (%(terminals)s) AS terminals
    UNION ALL
    SELECT 'scan', scan.terminal_id, scan.id, scan.body_hash, NULL, scan.first_at, 0,
           visit.id, visit.subject_id, visit.entry_id, visit.fields, visit.occurred_at, scan.outcome
    FROM given
    LEFT JOIN visits_scan AS scan ON scan.terminal_id = given.terminal_id AND scan.id = given.scan_id
    LEFT JOIN visits_visit AS visit ON visit.id = scan.visit_id
    WHERE %(scanned)s
    UNION ALL
    SELECT 'visit', visit.premises_id, visit.medium_id, NULL, NULL, visit.left_at, 0,
           visit.id, visit.subject_id, visit.entry_id, visit.fields, visit.occurred_at, visit.level
    FROM given
    LEFT JOIN visits_visit AS visit
      ON visit.subject_id = given.subject_id AND visit.premises_id = given.premises_id
     AND visit.occurred_at BETWEEN given.earliest AND given.latest
     AND visit.cancelled_at IS NULL AND visit.overruled_at IS NULL
    WHERE %(visited)s
    UNION ALL
    SELECT 'visit', visit.premises_id, visit.medium_id, NULL, NULL, visit.left_at, 0,
           visit.id, given.subject_id, visit.entry_id, visit.fields, visit.occurred_at, visit.level
    FROM given
    LEFT JOIN (%(claimed)s) AS claimed ON claimed.person_id = given.subject_id
    LEFT JOIN visits_visit AS visit
      ON visit.subject_id = claimed.subject_id AND visit.premises_id = given.premises_id
     AND visit.occurred_at BETWEEN given.earliest AND given.latest
     AND visit.cancelled_at IS NULL AND visit.overruled_at IS NULL
    WHERE %(visited)s
    UNION ALL
    SELECT 'stamps', third_party_id, NULL, NULL, document, NULL, 0, NULL, subject_id, NULL, NULL, NULL, NULL
    FROM (%(standings)s) AS stamps
    UNION ALL
    SELECT 'changed', medium_id, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL
    FROM (%(changed)s) AS media
"""


@cache
def _statement(vendor: str) -> str:
    return _AT_TERMINALS % {
        "terminals": STANDING_TERMINALS[vendor],
        "standings": STANDINGS[vendor],
        "changed": CHANGED[vendor],
        "claimed": CLAIMED,
        "scanned": sets.found("scan.id"),
        "visited": sets.found("visit.id"),
    }


def _read_terminal(known: AtTerminals, row: Sequence[Any]) -> None:
    terminal_id = sets.identifier(row[0])
    terminal = terminal_from(terminal_id, row[3])
    if terminal is not None:
        known.standing[terminal_id] = terminal
        known.unknown_codes[terminal_id] = row[5]


def _read_scan(known: AtTerminals, row: Sequence[Any]) -> None:
    terminal_id, scan_id, body_hash, _document, first_at = row[:5]
    key = ScanKey(sets.identifier(terminal_id), sets.identifier(scan_id))
    first = None if first_at is None else sets.moment(first_at)
    known.scans[key] = KnownScan(bytes(body_hash), Outcome(row[11]), first, _visit(row[6:11]))


def _read_visit(known: AtTerminals, row: Sequence[Any]) -> None:
    visit = _visit(row[6:11])
    if visit is not None and visit.subject_id is not None:
        left_at = None if row[4] is None else sets.moment(row[4])
        found = known.visits.setdefault(Place(visit.subject_id, sets.identifier(row[0])), [])
        medium_id = None if row[1] is None else sets.identifier(row[1])
        standing = replace(visit, left_at=left_at, level=row[11], medium_id=medium_id)
        if standing not in found:  # two scans of one person in a batch both find it
            found.append(standing)


def _read_stamps(known: AtTerminals, row: Sequence[Any]) -> None:
    pair = Pair(sets.identifier(row[7]), sets.identifier(row[0]))
    known.standings[pair] = standing_from(pair.subject_id, row[3])


def _read_changed(known: AtTerminals, row: Sequence[Any]) -> None:
    known.changed.add(sets.identifier(row[0]))


_READERS = {
    "terminal": _read_terminal,
    "scan": _read_scan,
    "visit": _read_visit,
    "stamps": _read_stamps,
    "changed": _read_changed,
}


def _visit(row: Sequence[Any]) -> KnownVisit | None:
    visit_id, subject_id, entry_id, fields, occurred_at = row
    if visit_id is None:
        return None
    return KnownVisit(
        id=sets.identifier(visit_id),
        subject_id=None if subject_id is None else sets.identifier(subject_id),
        entry_id=sets.identifier(entry_id),
        fields=_names(str(fields)),
        occurred_at=sets.moment(occurred_at),
    )


@lru_cache(maxsize=1024)
def _names(document: str) -> frozenset[str]:
    return frozenset(json.loads(document))
