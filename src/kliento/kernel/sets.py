"""Rows given to the database as one set, so that a batch of any size is one statement on either engine.

PostgreSQL takes one array for each column (`unnest`), so the text of a statement is the same for 1 row and for 500.
SQLite, which has no arrays, takes `VALUES` (32,766 values at most, far above 500 scans).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
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
        return _unnested(tuple(columns.items())), [array(column) for column in zip(*rows, strict=True)]
    return _values(tuple(columns), len(rows)), [value for row in rows for value in for_sqlite(row)]


def listed(connection: BaseDatabaseWrapper, ids: Iterable[UUID]) -> tuple[str, Any]:
    """A subquery for `column IN ...` and its one parameter; the text is the same for one id and for a thousand."""
    if connection.vendor == "postgresql":
        return "(SELECT unnest(%s::uuid[]))", array(list(ids))
    return "(SELECT value FROM json_each(%s))", "[" + ",".join(f'"{one.hex}"' for one in ids) + "]"


def among(connection: BaseDatabaseWrapper, column: str, ids: Iterable[UUID]) -> tuple[str, Any]:
    """The condition that a column is one of these, and its one parameter; looked up in its index however few rows
    there are."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::uuid[])", array(list(ids))
    wanted, parameter = listed(connection, ids)
    return f"{column} IN {wanted}", parameter


def found(column: str) -> str:
    """The condition that a LEFT JOIN found something, said so that PostgreSQL does not see that a plain join would do:
    of that it begins with whichever side looks smaller, and an empty table does."""
    return f"({column} IS NULL) IS NOT TRUE"


def parameter(connection: BaseDatabaseWrapper, value: object) -> object:
    """A single value beside a set, as the engine wants it in a raw statement."""
    return value if connection.vendor == "postgresql" else for_sqlite([value])[0]


def array(values: Sequence[object]) -> str:
    """A column of values as PostgreSQL reads an array; its driver would take many times as long to write the same."""
    kind = next((type(value) for value in values if value is not None), str)
    write = _IN_ARRAY.get(kind, _quoted)
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def for_sqlite(values: Iterable[object]) -> list[object]:
    """As Django's own fields store them, so that both can read each other's rows."""
    return [write(value) if (write := _IN_SQLITE.get(type(value))) else value for value in values]


def identifier(value: object) -> UUID:
    """A UUID as either engine returns it from a raw statement."""
    return value if type(value) is UUID else UUID(int=int(str(value).replace("-", ""), 16))


def moment(value: object) -> datetime:
    """A time as either engine returns it from a raw statement, UTC."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def day(value: object) -> date:
    """A day as either engine returns it from a raw statement."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@lru_cache(maxsize=256)
def _unnested(columns: tuple[tuple[str, str], ...]) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    names = ", ".join(name for name, _ in columns)
    return f"(SELECT * FROM unnest({arrays}) AS t({names}))"  # noqa: S608 - our own column names


@lru_cache(maxsize=256)
def _values(columns: tuple[str, ...], rows: int) -> str:
    names = ", ".join(f"column{place} AS {name}" for place, name in enumerate(columns, start=1))
    one = f"({', '.join(['%s'] * len(columns))})"
    return f"(SELECT {names} FROM (VALUES {', '.join([one] * rows)}))"  # noqa: S608 - our own column names


@lru_cache(maxsize=256)  # one moment stands in many columns of a batch
def _utc(moment: datetime) -> str:
    return moment.isoformat(" ")[:-6]  # which is zero


def _said(moment: datetime) -> str:
    return f'"{_without_offset(moment)}Z"'


def _without_offset(moment: datetime) -> str:
    return _utc(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


def _quoted(value: Any) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _octets(value: Any) -> str:
    return f'"\\\\x{value.hex()}"'


_IN_ARRAY: dict[type, Callable[[Any], str]] = {
    UUID: attrgetter("hex"),
    datetime: _said,
    bytes: _octets,
    memoryview: _octets,
    int: str,
    bool: str,
}
_IN_SQLITE: dict[type, Callable[[Any], object]] = {
    UUID: attrgetter("hex"),
    datetime: _without_offset,
}
