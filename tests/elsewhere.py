"""What another connection does while a test is in the middle of something."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections, transaction

from kliento.kernel.errors import KlientoError


class Elsewhere:
    """Another connection's turn while this test's transaction is open: connects first, since that waits for writers."""

    def __init__(self, turn: Callable[[], object]) -> None:
        self._go = threading.Event()
        self._ready = threading.Event()
        self._end = threading.Event()
        self._turn = turn
        self._pool = ThreadPoolExecutor(1)
        self._result: Future[object] = Future()
        self._thread = self._pool.submit(self._run)
        assert self._ready.wait(20)

    def _run(self) -> None:
        for alias in connections:
            connections[alias].ensure_connection()
        self._ready.set()
        self._go.wait(20)
        try:
            self._result.set_result(self._turn())
        finally:
            self._end.wait(20)
            connections.close_all()

    def answer(self) -> object:
        self._go.set()
        return self._result.result(20)

    def close(self) -> None:
        self._go.set()
        self._end.set()
        self._thread.result(20)
        self._pool.shutdown()


def held_back(act: Callable[[], object], late: Callable[[], object]) -> str:
    """What comes of `late` on another connection, begun while the transaction of `act` is open, for which it must wait:
    the code of the error it raises, or nothing.
    """
    came: list[str] = []

    def at_last() -> None:
        try:
            late()
            came.append("")
        except KlientoError as refused:
            came.append(refused.code)
        finally:
            connections.close_all()

    with transaction.atomic():
        act()
        thread = threading.Thread(target=at_last)
        thread.start()
        thread.join(0.5)
        assert came == []
    thread.join(20)
    [code] = came
    return code


@contextmanager
def elsewhere(turn: Callable[[], object]) -> Iterator[Elsewhere]:
    other = Elsewhere(turn)
    try:
        yield other
    finally:
        other.close()
