"""What was agreed to cannot be rewritten by SQLite's REPLACE, which deletes past the trigger on DELETE."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection

from kliento.domain.consents.models import Event
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("foreign", [False, True])
def test_an_event_cannot_be_replaced_through_any_connection(db, foreign):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE")
    Event.objects.create(subject_id=new_id(), purpose="improvement", kind="refused", at=AT)
    columns = ", ".join(field.column for field in Event._meta.concrete_fields)
    values = columns.replace("kind", "'given'")
    statement = f"INSERT OR REPLACE INTO consents_event ({columns}) SELECT {values} FROM consents_event"
    if foreign:
        refused = pytest.raises(sqlite3.IntegrityError, match="append-only")
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as plain, refused:
            plain.execute(statement)
    else:
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.get().kind == "refused"


def test_every_connection_of_ours_fires_the_triggers_of_what_replace_deletes(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (1,)
