"""Rows given to the database as one set, so that a batch of any size is one statement on either engine.

PostgreSQL takes one array for each column (`unnest`), so the text of a statement is the same for 1 row and for 500.
SQLite, which has no arrays, takes `VALUES` (32,766 values at most, far above 500 scans).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

Row = Sequence[object]


def given(connection: BaseDatabaseWrapper, columns: Mapping[str, str], rows: Sequence[Row]) -> tuple[str, list[Any]]:
    """A parenthesised table of `rows` and its parameters; `columns` maps each name to its PostgreSQL type.

    Write it after FROM with an alias. Raises ValueError without rows: SQL has no empty VALUES.
    """
    if not rows:
        raise ValueError("A set needs at least one row.")
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        return (
            f"(SELECT * FROM unnest({arrays}) AS t({', '.join(columns)}))",  # noqa: S608 - our own column names
            [list(column) for column in zip(*rows, strict=True)],
        )
    names = ", ".join(f"column{place} AS {name}" for place, name in enumerate(columns, start=1))
    one = f"({', '.join(['%s'] * len(columns))})"
    return (
        f"(SELECT {names} FROM (VALUES {', '.join([one] * len(rows))}))",  # noqa: S608 - our own column names
        [_for_sqlite(value) for row in rows for value in row],
    )


def parameter(connection: BaseDatabaseWrapper, value: object) -> object:
    """A single value beside a set, as the engine wants it in a raw statement."""
    return value if connection.vendor == "postgresql" else _for_sqlite(value)


def identifier(value: object) -> UUID:
    """A UUID as either engine returns it from a raw statement."""
    return value if isinstance(value, UUID) else UUID(str(value))


def moment(value: object) -> datetime:
    """A time as either engine returns it from a raw statement, UTC."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _for_sqlite(value: object) -> object:
    """As Django's own fields store it, so that both can read each other's rows."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value
