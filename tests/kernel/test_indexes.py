"""An index is added and removed while others write: there and back on both engines, and again after a crash."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

WHERE = {
    "cards": ("0003_offline_uses", "0004_not_accepted", "cards_medium", {"cards_medium_not_accepted"}),
    "people": ("0001_initial", "0002_restricted_people", "people_person", {"people_person_restricted"}),
    "visits": ("0002_disputes", "0003_counted_visits", "visits_visit", {"visits_visit_counted"}),
    "activity": (
        "0003_no_replacing",
        "0004_by_date",
        "activity_entry",
        {"activity_entry_dated", "activity_entry_recipient_dated"},
    ),
}


def indexes_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table))


@pytest.mark.parametrize("app", WHERE)
def test_an_index_comes_and_goes_while_others_write(db, app: str) -> None:
    before, after, table, added = WHERE[app]
    there = indexes_of(table)
    assert added <= there

    def go(name: str) -> str:
        with CaptureQueriesContext(connection) as said:
            MigrationExecutor(connection).migrate([(app, name)])
        return "\n".join(query["sql"] for query in said if "INDEX" in query["sql"])

    back = go(before)
    assert added.isdisjoint(indexes_of(table))
    forth = go(after)
    assert added <= indexes_of(table)
    go(before)
    with connection.cursor() as cursor:  # what a crash leaves
        cursor.execute(f"CREATE INDEX {next(iter(added))} ON {table} (id)")
    call_command("migrate", verbosity=0)

    assert indexes_of(table) == there
    if connection.vendor == "postgresql":
        for line in [*back.splitlines(), *forth.splitlines()]:
            assert "CONCURRENTLY" in line
