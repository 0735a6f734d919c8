"""How the statements of a tap, and of undoing one, find their rows, planned while nothing is stored yet.

Such plans are kept for days. What reads a table, or an index from end to end, gets slower with every visit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest
from bench.office import statements
from django.db import connections

from kliento.domain.visits.actions import Upload, cancel_visit, record_scans
from kliento.kernel.connections import kept_connections
from tests import programmes, taps
from tests.world import NOON, Place, kahvila_kaisa


@pytest.fixture
def cafe(db) -> Place:
    return kahvila_kaisa()


def test_no_statement_of_a_tap_reads_a_table_or_an_index_from_end_to_end(cafe: Place) -> None:
    aino = taps.cardholder("aino@example.fi")
    taps.share(aino, cafe, "first_name")
    programmes.takes(aino, programmes.offered(cafe))
    upload = Upload(cafe.terminal, [taps.scan(taps.code_of(aino))])
    assert _read_whole(lambda: record_scans([upload], at=NOON)) == []


def test_a_tap_finds_the_last_days_of_a_ledger_and_the_lots_that_ended_by_indexes_of_their_own(cafe: Place) -> None:
    aino = taps.cardholder("aino@example.fi")
    programmes.takes(aino, programmes.offered(cafe))
    upload = Upload(cafe.terminal, [taps.scan(taps.code_of(aino))])
    assert {"programmes_entry_earned", "programmes_entry_ends"} <= _used(lambda: record_scans([upload], at=NOON))


def test_undoing_a_scan_reads_no_table_and_no_index_from_end_to_end(cafe: Place) -> None:
    aino = taps.cardholder("aino@example.fi")
    programmes.takes(aino, programmes.offered(cafe))
    taps.record([one := taps.scan(taps.code_of(aino))], cafe)

    assert _growing(_read_whole(lambda: cancel_visit(one.id, by=cafe.terminal, at=NOON))) == []


def _growing(found: Iterable[str]) -> list[str]:
    """Those of them that get longer with every visit."""
    return [
        each for each in found if each.startswith(("visits_", "programmes_ledger_", "programmes_lot_", "activity_"))
    ]


def _read_whole(act: Callable[[], object]) -> list[str]:
    """What the statements of this act read from end to end."""
    return [f"{step.table}: {step.statement}" for step in _steps(act) if step.is_whole]


def _used(act: Callable[[], object]) -> set[str]:
    """The indexes by which they find their rows."""
    return {step.index for step in _steps(act)}


class _Step(NamedTuple):
    """One look at a table."""

    table: str
    index: str
    is_whole: bool
    statement: str


def _steps(act: Callable[[], object]) -> list[_Step]:
    def look() -> list[_Step]:
        with kept_connections():
            with statements() as sent:
                act()
            return [step for alias in connections for step in _STEPS[connections[alias].vendor](alias, sent)]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(look).result()


def _on_postgresql(alias: str, _sent: object) -> Iterator[_Step]:
    """Of the very plans that are kept for the statements this connection has prepared."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements")
        for name, statement, parameters in cursor.fetchall():
            if re.match(r"\s*(WITH|SELECT|INSERT|UPDATE)", statement) and "pg_prepared_statements" not in statement:
                given = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
                cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE {name}{given}")
                for part in _parts(cursor.fetchone()[0][0]["Plan"]):
                    if "Relation Name" in part and part["Node Type"] != "ModifyTable":
                        is_whole = not _BY_INDEX & part.keys()
                        yield _Step(part["Relation Name"], part.get("Index Name", ""), is_whole, _short(statement))


def _parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _parts(part)


def _on_sqlite(alias: str, sent: list[tuple[str, str, Any]]) -> Iterator[_Step]:
    tables = set(connections[alias].introspection.table_names())
    with connections[alias].cursor() as cursor:
        for at, sql, parameters in sent:
            if at == alias and re.match(r"\s*(WITH|SELECT)", sql):
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                for row in cursor.fetchall():
                    found = re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", row[3])
                    if found and (found[2] in tables or re.search(rf"\b({'|'.join(tables)}) AS {found[2]}\b", sql)):
                        yield _Step(found[2], found[3] or "", found[1] == "SCAN", _short(sql))


def _short(statement: str) -> str:
    return " ".join(statement.split())[:80]


_BY_INDEX = {"Index Cond", "Recheck Cond"}  # the latter: what a bitmap of an index led to
_STEPS = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
