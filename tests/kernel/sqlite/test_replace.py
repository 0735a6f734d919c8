"""SQLite's REPLACE deletes past the triggers on DELETE. What is append-only refuses it on any connection."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, models, transaction

from kliento.domain.activity.actions import record
from kliento.domain.activity.models import Entry
from kliento.domain.activity.rules import NewEntry
from kliento.domain.consents.models import Event
from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANOTHER = "'0'"


def replacing(model: type[models.Model], **changed: str) -> str:
    """An INSERT OR REPLACE of the only row, with these columns changed."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(column, f'"{column}"') for column in columns]
    quoted, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    return f"INSERT OR REPLACE INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table}"


def refused(statement: str, *, foreign: bool) -> None:
    """Neither a connection of ours nor a plain one may do it."""
    if foreign:
        no = pytest.raises(sqlite3.IntegrityError, match="append-only")
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as plain, no:
            plain.execute(statement)
    else:
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "others",
    [{"id": ANOTHER, "number": "99"}, {"seq": "999", "number": "99"}, {"seq": "999", "id": ANOTHER}, {}],
)
@pytest.mark.parametrize("foreign", [False, True])
def test_an_entry_of_activity_cannot_be_replaced(db, others, foreign):
    with transaction.atomic():
        record([NewEntry(new_id(), "data_downloaded", AT)])
    refused(replacing(Entry, kind="'x'", **others), foreign=foreign)
    assert Entry.objects.get().kind == "data_downloaded"


@pytest.mark.parametrize("foreign", [False, True])
def test_what_was_agreed_to_cannot_be_replaced(db, foreign):
    Event.objects.create(subject_id=new_id(), purpose="improvement", kind="refused", at=AT)
    refused(replacing(Event, kind="'given'"), foreign=foreign)
    assert Event.objects.get().kind == "refused"


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (LedgerEntry, ["id"]),
        (LedgerEntry, ["membership_id", "number"]),
        (LedgerEntry, ["act_id"]),
        (LedgerEntry, ["reverses"]),
        (LedgerEntry, ["kind", "visit_id"]),
        (LotUse, ["id"]),
        (LotUse, ["entry_id", "lot_id"]),
    ],
)
@pytest.mark.parametrize("foreign", [False, True])
def test_no_row_of_the_ledger_can_be_replaced_by_any_of_its_keys(db, model, key, foreign):
    ids = {name: new_id() for name in ("membership_id", "subject_id", "act_id", "reverses", "visit_id")}
    LedgerEntry.objects.create(**ids, number=1, kind="earned", amount=1, balance=1, at=AT)
    LotUse.objects.create(entry_id=new_id(), lot_id=new_id(), amount=1)
    others = dict.fromkeys(("id", "membership_id", "entry_id", "act_id", "reverses", "visit_id"), ANOTHER)
    changed = {column: value for column, value in others.items() if column not in key}
    refused(replacing(model, amount="5", **changed), foreign=foreign)
    assert model.objects.get().amount == 1


def test_every_connection_of_ours_fires_the_triggers_of_what_replace_deletes(db):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (1,)
