"""A database that is kept for the next test is as new, or it is not kept (`tests/kept.py`)."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kliento.domain.activity.models import Entry
from tests.databases import Databases
from tests.kept import PostgresTemplate
from tests.world import aino

LARGE = "INSERT INTO policy_demo_data (seeded_at) SELECT now() FROM generate_series(1, 20000)"
DEMO = "SELECT FROM policy_demo_data"


@contextmanager
def next_test(template: PostgresTemplate, folder: Path) -> Iterator[tuple[str, Databases]]:
    """The name of the database that it gets, and the rest."""
    with template.copied(folder) as databases:
        yield connection.settings_dict["NAME"], databases


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def test_what_a_test_wrote_is_gone_and_numbers_begin_anew(
    db: Databases, database_template: PostgresTemplate, tmp_path: Path
) -> None:
    seen = []
    for _ in range(3):
        with next_test(database_template, tmp_path) as (name, _):
            assert run(DEMO) == 0
            assert not Entry.objects.exists()
            aino()
            run(LARGE)
            seen.append((name, list(Entry.objects.values_list("seq", flat=True))))

    assert seen[0][1]
    assert seen == [seen[0]] * 3


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE accounts_account ADD COLUMN shoe_size int",
        "ALTER TABLE accounts_account RENAME COLUMN language TO tongue",
        "ALTER TABLE activity_entry DISABLE TRIGGER activity_entry_guard",
        "DROP TRIGGER activity_entry_guard ON activity_entry",
        "CREATE TABLE growing (id int)",
        "DROP TABLE django_migrations",
        "ANALYZE",
        "DELETE FROM django_migrations WHERE app = 'outbox'",
        "UPDATE auth_permission SET codename = codename",
        "INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')",
    ],
)
def test_what_a_test_altered_no_other_one_gets(
    statement: str, db: Databases, database_template: PostgresTemplate, tmp_path: Path
) -> None:
    with next_test(database_template, tmp_path) as (altered, _):
        aino()
        run(statement)
    with next_test(database_template, tmp_path) as (name, _):
        assert name != altered


def test_what_another_process_may_still_write_to_no_other_test_gets(
    db: Databases, database_template: PostgresTemplate, tmp_path: Path
) -> None:
    with next_test(database_template, tmp_path) as (served, databases):
        url = databases.environment["DATABASE_URL"]
    with next_test(database_template, tmp_path) as (connected, databases):
        assert connected != served
        stays = psycopg.connect(databases.variables["DATABASE_URL"])
    with closing(stays), next_test(database_template, tmp_path) as (name, _):
        assert name not in {connected, served}
        assert url.endswith(served)
