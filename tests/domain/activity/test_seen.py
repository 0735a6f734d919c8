"""Who has seen what, summed up by the database as a plain count in Python would, in one statement each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import (
    FieldSeen,
    Looks,
    entries_of,
    fields_seen,
    kind_of,
    looks_at,
    reaches_back_to,
)
from kliento.domain.activity.rules import EntryView, NewEntry
from kliento.kernel.ids import new_id
from tests.world import NOON

KINDS = ("visit", "disclosed", "exported", "read_by_holder", "disclosure_refused", "sharing_started", "visit_refused")
FIELDS = ("first_name", "phone", "over_18", "allergies", 'a "field" no more')


def random_log(chance: Random, subjects: list[UUID], recipients: list[UUID], *, entries: int) -> None:
    """Entries of these subjects and of others, beside each other."""
    others = [new_id(), new_id()]
    with transaction.atomic():
        record(
            [
                NewEntry(
                    chance.choice(subjects + others),
                    kind := chance.choice(KINDS),
                    NOON + timedelta(minutes=chance.randrange(10_000)),
                    recipient_id=None if kind == "read_by_holder" else chance.choice(recipients),
                    fields=tuple(chance.sample(FIELDS, chance.randrange(4))),
                )
                for _ in range(entries)
            ]
        )


def seeing(subjects: list[UUID]) -> list[EntryView]:
    """The entries by which somebody saw something, read one by one."""
    kinds = {code: kind_of(code) for code in KINDS}
    entries = entries_of(subjects, limit=10_000)
    return [entry for entry in entries if kinds[entry.kind].releases or kinds[entry.kind].opens]


def looks_counted(entries: list[EntryView]) -> list[Looks]:
    groups: dict[tuple[UUID | None, str], list[EntryView]] = {}
    for entry in entries:
        groups.setdefault((entry.recipient_id, entry.kind), []).append(entry)
    return [
        Looks(recipient, kind, len(each), sum(1 for one in each if one.fields), max(one.at for one in each))
        for (recipient, kind), each in groups.items()
    ]


def fields_counted(entries: list[EntryView]) -> list[FieldSeen]:
    groups: dict[tuple[UUID | None, str], list[datetime]] = {}
    for entry in entries:
        for field in entry.fields:
            groups.setdefault((entry.recipient_id, field), []).append(entry.at)
    return [FieldSeen(recipient, field, len(each), max(each)) for (recipient, field), each in groups.items()]


def in_order(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=repr)


@pytest.mark.parametrize("seed", range(12))
def test_the_sums_are_those_of_a_plain_count(db, seed):
    chance = Random(seed)
    mine, recipients = [new_id() for _ in range(chance.randrange(1, 4))], [new_id() for _ in range(5)]
    random_log(chance, mine, recipients, entries=chance.choice([0, 1, 30, 300]))
    entries = seeing(mine)
    looks, fields = looks_at(mine), fields_seen(mine)
    assert in_order(looks) == in_order(looks_counted(entries))
    assert in_order(fields) == in_order(fields_counted(entries))
    assert [one.last_at for one in looks] == sorted((one.last_at for one in looks), reverse=True)
    every = entries_of(mine, limit=10_000)
    assert reaches_back_to(mine) == (min(entry.at for entry in every) if every else None)


@pytest.mark.parametrize("summing_up", [looks_at, fields_seen, reaches_back_to])
def test_one_statement_however_long_the_log_and_by_an_index_of_the_subject(db, summing_up: Callable[..., object]):
    chance, me = Random(1), new_id()
    random_log(chance, [me, new_id()], [new_id() for _ in range(40)], entries=2000)
    with CaptureQueriesContext(connection) as captured:
        summing_up([me])
    [statement] = [query["sql"] for query in captured]
    assert "activity_entry_" in plan_of(statement)


def plan_of(statement: str) -> str:
    words = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {Entry._meta.db_table}")
            cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"{words} {statement}")
        return "\n".join(str(row) for row in cursor.fetchall())
