"""A PostgreSQL connection that sends several prepared statements at once and then waits once for all their answers.

Each wait costs more than the statement: the other side has to be woken, and whoever waited finds its caches cold. The
driver's own pipeline costs more than it saves, so this speaks to libpq as the driver does. For connections that one
thread keeps (`connections.py`); it knows no table.
"""

import select
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import OperationalError, errors, pq
from psycopg.adapt import Transformer
from psycopg.types.datetime import TimestamptzLoader

Sent = tuple[str, Sequence[object]]
Rows = list[tuple[Any, ...]]
_FAILED = {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.PIPELINE_ABORTED}


class Pipeline:
    """What goes over one kept connection together. In an atomic block the transaction begins with the first of it.

    `held`: what has no answer and goes before the next that has, or with the commit; `is_holding`: whether there may be
    more of it.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.held: list[Sent] = []
        self.is_holding = False
        self._connection = connection
        self._driver: Any = None
        self._reading: Any = None
        self._names: dict[str, bytes] = {}
        self._without_answer = 0

    def send(self, statements: Sequence[Sent], *, commits: bool = False) -> None:
        """Send what is held and then these; nothing is waited for. `received` must be called next."""
        held, self.held = self.held, []
        with self._connection.wrap_database_errors:
            self._open()
            libpq = self._driver.pgconn
            ready = [
                (self._name_of(text), [_written(value) for value in parameters])
                for text, parameters in (*held, *statements)
            ]
            begins = self._connection.in_atomic_block and libpq.transaction_status == pq.TransactionStatus.IDLE
            self._without_answer = len(held) + begins
            libpq.enter_pipeline_mode()
            if begins:
                libpq.send_query_params(b"BEGIN", None)
            for name, parameters in ready:
                libpq.send_query_prepared(name, parameters)
            if commits:
                libpq.send_query_params(b"COMMIT", None)
            libpq.pipeline_sync()
            while libpq.flush():
                if _ready(libpq, select.POLLIN | select.POLLOUT) & select.POLLIN:
                    libpq.consume_input()

    def received(self) -> list[Rows]:
        """The rows of each statement that was sent, in order. Raises Django's error for the first that failed."""
        libpq = self._driver.pgconn
        found: list[Rows] = []
        failed = None
        with self._connection.wrap_database_errors:
            while (result := _result(libpq)) is None or result.status != pq.ExecStatus.PIPELINE_SYNC:
                if result is None:
                    continue
                if result.status in _FAILED:
                    failed = failed or result
                else:
                    found.append(self._rows(result))
            libpq.exit_pipeline_mode()
            if failed is not None:
                raise errors.error_from_result(failed)
        return found[self._without_answer :]

    def flush(self) -> None:
        """Send what is held, and wait until it is done."""
        if self.held:
            self.send(())
            self.received()

    def commit(self) -> None:
        """Send what is held with the commit behind it, and wait until it is durable. What fails is not committed."""
        if self.held:
            self.send((), commits=True)
            self.received()

    def _open(self) -> None:
        self._connection.ensure_connection()
        if self._connection.connection is not self._driver:
            self._driver, self._names = self._connection.connection, {}
            # Django's reader of times is written in Python; the driver's own gives UTC as well.
            self._reading = self._driver.cursor()
            self._reading.adapters.register_loader("timestamptz", TimestamptzLoader)

    def _name_of(self, text: str) -> bytes:
        """The statement by that text, prepared when it is first sent; names end with the connection."""
        name = self._names.get(text)
        if name is None:
            name = f"kept_{len(self._names)}".encode()
            pieces = text.split("%s")
            numbered = "".join(f"{piece}${place}" for place, piece in enumerate(pieces[:-1], start=1)) + pieces[-1]
            result = self._driver.pgconn.prepare(name, numbered.encode())
            if result.status in _FAILED:
                raise errors.error_from_result(result)
            self._names[text] = name
        return name

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
