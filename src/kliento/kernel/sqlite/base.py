"""DATABASES ENGINE "kliento.kernel.sqlite".

Every transaction (`atomic`) is a writing one: it takes the write lock, then BEGIN IMMEDIATE, and lets go after COMMIT
or ROLLBACK. A single write outside a transaction takes the lock for that statement. Plain reads take nothing and see
the last commit. So writers wait their turn in the operating system instead of meeting "database is locked", and no
checkpoint runs beside another connection's write.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base
from django.db.transaction import TransactionManagementError
from django.db.utils import OperationalError

from kliento.kernel.sqlite.lock import WriteLock, WriteLockTimeout, lock_of

Database = base.Database
_FIRST_WORD = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_READING = {"SELECT", "VALUES", "EXPLAIN"}
_WRITING_PRAGMA = re.compile(r"wal_checkpoint|journal_mode\s*=|incremental_vacuum|optimize", re.IGNORECASE)
_TIMEOUT_SECONDS = 30.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection: WAL, synchronous FULL, foreign keys on, no memory map, writers one after another."""

    display_name = "SQLite with a write lock"
    _write_lock: WriteLock  # known once connection parameters are: tests point an alias at another file

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holds_write_lock = False
        self._timeout_seconds = _TIMEOUT_SECONDS

    def get_connection_params(self) -> dict[str, Any]:
        """What sqlite3.connect is given; finds the lock of the file."""
        params: dict[str, Any] = super().get_connection_params()
        if self.is_in_memory_db():
            raise ImproperlyConfigured("A database in memory cannot be shared between threads; name a file.")
        self._timeout_seconds = float(params.setdefault("timeout", _TIMEOUT_SECONDS))
        self._secure_delete = bool(params.pop("secure_delete", False))
        self._cache_mib = params.pop("cache_mib", None)
        self._write_lock = lock_of(params["database"])
        self.transaction_mode = "IMMEDIATE"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the file and set what holds for each connection."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = ON")  # without it REPLACE deletes past the triggers on DELETE
        connection.execute(f"PRAGMA secure_delete = {'ON' if self._secure_delete else 'OFF'}")
        if self._cache_mib:
            connection.execute(f"PRAGMA cache_size = {-1024 * int(self._cache_mib)}")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            self._turn_to_wal(connection)
        return connection

    def _turn_to_wal(self, connection: sqlite3.Connection) -> None:
        """Once in the life of the file; the mode is kept in it."""
        with self.write_lock():
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise ImproperlyConfigured(f"This file system cannot keep SQLite's write-ahead log (journal mode {mode}).")

    def create_cursor(self, name: str | None = None) -> sqlite3.Cursor:
        """A cursor that minds the lock."""
        return self.connection.cursor(factory=lambda connection: LockingCursor(connection, self))

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Hold the write lock; nothing more to do when this connection has it already."""
        if self.holds_write_lock:
            yield
            return
        self._acquire()
        try:
            yield
        finally:
            self._release()

    def _acquire(self) -> None:
        try:
            self._write_lock.acquire(timeout_seconds=self._timeout_seconds)
        except WriteLockTimeout:
            raise OperationalError(
                f"Another writer has held the database {self.alias} for {self._timeout_seconds:g} seconds."
            ) from None
        self.holds_write_lock = True

    def _release(self) -> None:
        self.holds_write_lock = False
        self._write_lock.release()

    def _start_transaction_under_autocommit(self) -> None:
        self._acquire()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._release()
            raise

    def _commit(self) -> None:
        super()._commit()  # when it fails the transaction is still open, and Django rolls back next
        if self.holds_write_lock:
            self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            if self.holds_write_lock:
                self._release()

    def _close(self) -> None:
        # The checkpoint of the last connection needs no lock of ours: SQLite makes sure that it is the last.
        try:
            super()._close()
        finally:
            if self.holds_write_lock:
                self._release()

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit:
            raise TransactionManagementError("Use transaction.atomic(): it takes the write lock.")
        super()._set_autocommit(autocommit)


class LockingCursor(base.SQLiteCursorWrapper):
    """Takes the write lock for a single write outside a transaction.

    Such a statement commits when its last row is read, so the rows of INSERT ... RETURNING are read under the lock.
    """

    def __init__(self, connection: sqlite3.Connection, wrapper: DatabaseWrapper) -> None:
        super().__init__(connection)
        self._wrapper = wrapper
        self._rows: Iterator[Any] | None = None

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        """Run one statement, under the lock if it writes."""
        self._rows = None
        if self._wrapper.holds_write_lock or not _writes(query):
            return super().execute(query, params)
        with self._wrapper.write_lock():
            super().execute(query, params)
            if self.description is not None:
                self._rows = iter(super().fetchall())
        return self

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run a statement for each row, all under the lock."""
        self._rows = None
        with self._wrapper.write_lock():
            return super().executemany(query, param_list)

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        """The statement as SQLite reads its parameters; thought through once, as it may be run a thousand times."""
        return (
            _with_question_marks(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )

    def fetchone(self) -> Any:
        """The next row, or None."""
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Up to `size` rows more."""
        size = self.arraysize if size is None else size
        if self._rows is None:
            return super().fetchmany(size)
        return [row for _, row in zip(range(size), self._rows, strict=False)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)


@lru_cache(maxsize=512)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _writes(query: str) -> bool:
    """Whether to take the lock; when in doubt (WITH, ATTACH, an unknown word), yes."""
    match = _FIRST_WORD.match(query)
    word = match.group(1).upper() if match else ""
    if word == "BEGIN":
        raise TransactionManagementError("Use transaction.atomic(): it takes the write lock.")
    if word == "PRAGMA":
        return _WRITING_PRAGMA.search(query) is not None
    return word not in _READING
