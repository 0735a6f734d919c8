"""Many rows in one statement, on both engines.

Django's own bulk insert splits at 999 parameters on SQLite. Here rows travel as arrays (PostgreSQL `unnest`) or through
one `executemany` (SQLite), so that a batch of any size costs one statement and one prepared plan. For hot paths and
batches; everything else uses the ORM.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.models.expressions import Expression

from kliento.kernel import sets
from kliento.kernel.statements import write


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert all rows, in this order, in one statement. `columns` are the model's field names.

    Within `statements.written_together` it goes with whatever is written next.
    """
    _insert(model, columns, rows, suffix="")


def insert_new_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert the rows that break no unique constraint, in this order, in one statement; the others stay as they are."""
    _insert(model, columns, rows, suffix=" ON CONFLICT DO NOTHING")


class Among(Expression):
    """`filter(owner_id__in=Among(ids))`: any number of UUIDs in one parameter, where a plain list would be one each."""

    def __init__(self, ids: Collection[UUID]) -> None:
        super().__init__(output_field=models.UUIDField())
        self.ids = tuple(ids)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The list as a subquery, so that the statement's text is the same for one id and for a thousand."""
        text, parameter = sets.listed(connection, self.ids)
        return text, (parameter,)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One insert, thought through once: its text, and how each column is written where Django has to be asked."""

    statement: str
    fields: tuple[Any, ...]
    is_json: tuple[bool, ...]


def _insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]], *, suffix: str
) -> None:
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    plan = _plan(model, tuple(columns), connection.vendor, suffix)
    by_column = [
        [_json(value) for value in column] if is_json else _plain(column, field, connection)
        for column, field, is_json in zip(zip(*rows, strict=True), plan.fields, plan.is_json, strict=True)
    ]
    if connection.vendor == "postgresql":
        write(plan.statement, [sets.array(column) for column in by_column], alias=connection.alias)
    else:
        with connection.cursor() as cursor:
            cursor.executemany(plan.statement, list(zip(*map(sets.for_sqlite, by_column), strict=True)))


@cache
def _plan(model: type[models.Model], columns: tuple[str, ...], vendor: str, suffix: str) -> _Plan:
    connection = connections[router.db_for_write(model)]
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in columns)
    quoted: Callable[[str], str] = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in fields)
    if vendor == "postgresql":
        arrays = ", ".join(f"%s::{_array_type(field, connection)}" for field in fields)
        rows = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - types come from the model
    else:
        rows = f"VALUES ({', '.join(['%s'] * len(fields))})"
    return _Plan(
        f"INSERT INTO {quoted(model._meta.db_table)} ({names}) {rows}{suffix}",
        fields,
        tuple(isinstance(field, models.JSONField) for field in fields),
    )


def _json(value: object) -> str | None:
    if type(value) is tuple and all(type(each) is str for each in value):
        return _listed(value)
    return None if value is None else json.dumps(value)


@lru_cache(maxsize=1024)  # lists of names: those of one batch are nearly all the same
def _listed(value: tuple[str, ...]) -> str:
    return json.dumps(value)


def _plain(column: Sequence[object], field: Any, connection: Any) -> Sequence[object]:
    """As they are where drivers take them so; Django's own preparation of a field costs ten times the insert."""
    if _PLAIN.issuperset(map(type, column)):
        return column
    return [field.get_db_prep_save(value, connection) for value in column]


_PLAIN = frozenset({type(None), UUID, datetime, str, int, bool, bytes})


def _array_type(field: Any, connection: Any) -> str:
    """Text for `varchar(n)`: a cast to the latter would cut what is too long instead of refusing it."""
    kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return "text[]" if kind.startswith("varchar") else f"{kind}[]"
