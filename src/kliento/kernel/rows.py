"""Many rows in one statement, on both engines.

Django's own bulk insert splits at 999 parameters on SQLite. Here rows travel as arrays (PostgreSQL `unnest`) or through
one `executemany` (SQLite), so that a batch of any size costs one statement and one prepared plan. For hot paths and
batches; everything else uses the ORM.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.models.expressions import Expression


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert all rows, in this order, in one statement. `columns` are the model's field names."""
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
        if connection.vendor == "postgresql":
            return "(SELECT unnest(%s::uuid[]))", (list(self.ids),)
        listed = ",".join(f'"{identifier.hex}"' for identifier in self.ids)
        return "(SELECT value FROM json_each(%s))", (f"[{listed}]",)


def _insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]], *, suffix: str
) -> None:
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    prepared = [
        [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)] for row in rows
    ]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in fields)
    target = f"INSERT INTO {quoted(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_array_type(field, connection)}" for field in fields)
            columns_of_values = [list(column) for column in zip(*prepared, strict=True)]
            cursor.execute(
                f"{target} SELECT * FROM unnest({arrays}){suffix}",  # noqa: S608 - names come from the model
                columns_of_values,
            )
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"{target} VALUES ({places}){suffix}", prepared)


def _array_type(field: Any, connection: Any) -> str:
    """Text for `varchar(n)`: a cast to the latter would cut what is too long instead of refusing it."""
    kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return "text[]" if kind.startswith("varchar") else f"{kind}[]"
