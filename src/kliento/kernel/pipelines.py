"""A PostgreSQL connection that sends several prepared statements at once and then waits once for all their answers.

Each wait costs more than the statement: the other side has to be woken, and whoever waited finds its caches cold. The
driver's own pipeline costs more than it saves, so this speaks to libpq as the driver does. For connections that one
thread keeps (`connections.py`); it knows no table.
"""

import select
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import OperationalError, errors, pq
from psycopg.adapt import Transformer
from psycopg.types.datetime import TimestamptzLoader

Sent = tuple[str, Sequence[object]]
Rows = list[tuple[Any, ...]]
_FAILED = {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.PIPELINE_ABORTED}


class Pipeline:
    """What goes over one kept connection together. In an atomic block the transaction begins with the first of it.

    `waits_later`: what has no answer is not waited for; its end is heard of with the next answer, or with the commit.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.waits_later = False
        self._connection = connection
        self._driver: Any = None
        self._reading: Any = None
        self._names: dict[str, bytes] = {}
        self._is_under_way = False
        self._without_answer = 0

    def begin(self, statements: Sequence[Sent]) -> None:
        """Set these going; the database works on them meanwhile. They have no answer, or `send` comes next."""
        with self._connection.wrap_database_errors:
            self._open()
            ready = [
                (self._name_of(text), [_written(value) for value in parameters]) for text, parameters in statements
            ]
            libpq = self._driver.pgconn
            if not self._is_under_way:
                begins = self._connection.in_atomic_block and libpq.transaction_status == pq.TransactionStatus.IDLE
                libpq.enter_pipeline_mode()
                self._is_under_way = True
                self._without_answer = 0
                if begins:
                    libpq.send_query_params(b"BEGIN", None)
                    self._without_answer = 1
            for name, parameters in ready:
                libpq.send_query_prepared(name, parameters)

    def write(self, statement: Sent) -> None:
        """Set one going that has no answer; wait for its end unless it is to be heard of later."""
        self.begin([statement])
        self._without_answer += 1
        if self.waits_later:
            with self._connection.wrap_database_errors:
                self._flush()
        else:
            self.send(())
            self.received()

    def send(self, statements: Sequence[Sent], *, commits: bool = False) -> None:
        """Set these going, and perhaps the commit; nothing is waited for. `received` must be called next."""
        self.begin(statements)
        with self._connection.wrap_database_errors:
            libpq = self._driver.pgconn
            if commits:
                libpq.send_query_params(b"COMMIT", None)
            libpq.pipeline_sync()
            self._flush()

    def received(self) -> list[Rows]:
        """The rows of each statement that was sent, in order. Raises Django's error for the first that failed."""
        libpq = self._driver.pgconn
        results: list[Any] = []
        failed = None
        with self._connection.wrap_database_errors:
            while (result := _result(libpq)) is None or result.status != pq.ExecStatus.PIPELINE_SYNC:
                if result is None:
                    continue
                if result.status in _FAILED:
                    failed = failed or result
                else:
                    results.append(result)
            libpq.exit_pipeline_mode()
            self._is_under_way = False
            if failed is not None:
                raise errors.error_from_result(failed)
            return [self._rows(result) for result in results[self._without_answer :]]

    def commit(self) -> None:
        """Send the commit behind what is under way, and wait until it is durable. What fails of it is raised, and
        nothing is committed; what failed before and was raised then is not told again.
        """
        if self._is_under_way:
            self.send((), commits=True)
            self.received()

    def drop(self) -> None:
        """Hear what is under way to its end, whatever it is: it will be rolled back."""
        if self._is_under_way:
            with suppress(Error):
                self.send(())
                self.received()
            self._is_under_way = False

    def _open(self) -> None:
        self._connection.ensure_connection()
        if self._connection.connection is not self._driver:
            self._driver, self._names = self._connection.connection, {}
            self._is_under_way = False
            # Django's reader of times is written in Python; the driver's own gives UTC as well.
            self._reading = self._driver.cursor()
            self._reading.adapters.register_loader("timestamptz", TimestamptzLoader)

    def _name_of(self, text: str) -> bytes:
        """The statement by that text, prepared when it is first sent; names end with the connection."""
        name = self._names.get(text)
        if name is None:
            name = f"kept_{len(self._names)}".encode()
            if self._is_under_way:
                self.send(())
                self.received()
            pieces = text.split("%s")
            numbered = "".join(f"{piece}${place}" for place, piece in enumerate(pieces[:-1], start=1)) + pieces[-1]
            result = self._driver.pgconn.prepare(name, numbered.encode())
            if result.status in _FAILED:
                raise errors.error_from_result(result)
            self._names[text] = name
        return name

    def _flush(self) -> None:
        libpq = self._driver.pgconn
        while libpq.flush():
            if _ready(libpq, select.POLLIN | select.POLLOUT) & select.POLLIN:
                libpq.consume_input()

    def _rows(self, result: Any) -> Rows:
        if not result.ntuples:
            return []
        reader = Transformer(self._reading)
        reader.set_pgresult(result)
        return reader.load_rows(0, result.ntuples, tuple)


def _result(libpq: Any) -> Any:
    """The next result; waits without keeping other threads from running, as libpq itself would."""
    while libpq.is_busy():
        _ready(libpq, select.POLLIN)
        libpq.consume_input()
    return libpq.get_result()


def _ready(libpq: Any, events: int) -> int:
    poll = select.poll()
    poll.register(libpq.socket, events)
    [(_, ready)] = poll.poll()
    if ready & select.POLLNVAL:
        raise OperationalError("The connection is closed.")
    return ready


def _written(value: object) -> bytes | None:
    """As PostgreSQL reads it; the statement says of what type it is."""
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
