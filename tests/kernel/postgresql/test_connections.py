"""Connections that are kept: what they have planned follows the tables as these grow."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from kliento.kernel.connections import kept_connections, mend_connections
from kliento.kernel.statements import Statement, ask, write, written_together

Found = TypeVar("Found")
_INSERT = "INSERT INTO growing VALUES (%s)"


@pytest.fixture
def growing(db) -> None:
    """An empty table, and PostgreSQL knows that it is."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE growing (id int PRIMARY KEY)")
        cursor.execute("VACUUM ANALYZE growing")


def _rows_expected() -> int:
    ask(Statement("SELECT id FROM growing", (), list))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement = 'SELECT id FROM growing'")
        cursor.execute(f"EXPLAIN EXECUTE {cursor.fetchone()[0]}")
        return int(re.search(r"rows=(\d+)", str(cursor.fetchall()))[1])


@pytest.mark.parametrize(("kept_seconds", "is_renewed"), [(3600, False), (0, True)])
def test_a_plan_made_for_an_empty_table_does_not_outlive_its_time(
    growing: None, kept_seconds: float, is_renewed: bool
) -> None:
    def look() -> tuple[int, int]:
        with kept_connections(plans_kept_seconds=kept_seconds):
            before = _rows_expected()
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO growing SELECT n FROM generate_series(1, 10000) AS n")
            mend_connections()
            return before, _rows_expected()

    before, after = _elsewhere(look)
    assert (after > 100 * before) is is_renewed


def _elsewhere(act: Callable[[], Found]) -> Found:
    """In a thread of its own, as whoever keeps connections has."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _stored() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM growing ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def _add(*numbers: int, fail: Exception | None = None) -> None:
    with transaction.atomic():
        with written_together():
            for number in numbers:
                write(_INSERT, [number])
        if fail is not None:
            raise fail


def test_what_is_under_way_ends_with_the_commit_and_calls_whoever_waits_for_it(growing: None) -> None:
    told = []

    def add() -> None:
        with kept_connections(), transaction.atomic():
            transaction.on_commit(lambda: told.append(_elsewhere(_stored)))
            with written_together():
                write(_INSERT, [1])
                write(_INSERT, [2])

    _elsewhere(add)
    assert told == [[1, 2]]


def test_what_is_under_way_is_seen_by_the_next_that_has_an_answer(growing: None) -> None:
    def add() -> list[list[tuple[int]]]:
        seen = []
        with kept_connections(), transaction.atomic(), written_together():
            write(_INSERT, [1])
            seen.append(ask(Statement("SELECT id FROM growing", (), list)))
            write(_INSERT, [2])
            write("DELETE FROM growing WHERE id = %s", [1])  # prepared now, behind what is under way
            seen.append(ask(Statement("SELECT id FROM growing ORDER BY id", (), list)))
        return seen

    assert _elsewhere(add) == [[(1,)], [(2,)]]


def _add_and_look() -> None:
    with transaction.atomic(), written_together():
        write(_INSERT, [1])
        _stored()


def test_the_orm_is_refused_while_something_is_under_way(growing: None) -> None:
    def add() -> list[int]:
        with kept_connections():
            with pytest.raises(OperationalError):
                _add_and_look()
            return _stored()

    assert _elsewhere(add) == []


def test_what_fails_with_the_commit_is_raised_and_nothing_stays(growing: None) -> None:
    def add() -> list[int]:
        with kept_connections():
            with pytest.raises(IntegrityError):
                _add(1, 1)
            _add(3)
            return _stored()

    assert _elsewhere(add) == [3]


def test_what_is_under_way_is_undone_by_a_rollback(growing: None) -> None:
    def add() -> list[int]:
        with kept_connections():
            with pytest.raises(RuntimeError):
                _add(1, fail=RuntimeError())
            with transaction.atomic(durable=True):
                ask(Statement("SELECT 1", (), list))
            return _stored()

    assert _elsewhere(add) == []
