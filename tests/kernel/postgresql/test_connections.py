"""Connections that are kept: what they have planned follows the tables as these grow."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kliento.kernel.connections import kept_connections, mend_connections
from kliento.kernel.statements import Statement, ask


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

    with ThreadPoolExecutor(1) as thread:
        before, after = thread.submit(look).result()
    assert (after > 100 * before) is is_renewed
