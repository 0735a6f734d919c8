"""What `kliento serve` runs: taps are handed to the recorder by the event loop itself, all else is answered by threads.

A tap waits for the commit it shares with others. If a thread of its own waited for each, waking them would cost about
as much as recording; so whoever is told of a commit is the loop, once for all who shared it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

from kliento.interfaces.api.entry import Finished, ScansFirst
from kliento.kernel.errors import Busy, KlientoError
from kliento.kernel.grouping import HandedIn
from kliento.web.asgi import Bodies, Environ, Receive, Scope, Send, Threads, answer, environ_of

log = structlog.get_logger("kliento.web")
_LONGEST_WAIT_SECONDS = 60.0


class Door:
    """The ASGI application in front of the WSGI one. It serves in one loop."""

    def __init__(self, scans: ScansFirst, *, threads: int) -> None:
        self._scans = scans
        self._bodies = Bodies()
        self._threads = Threads(scans, threads=threads)
        self._ends = _Ends()
        scans.said_everywhere()  # learned before the loop runs, which must not ask Django

    def stop(self) -> None:
        """Wait for no more bodies: for another thread, when the server is told to end."""
        self._ends.in_loop(self._bodies.give_up)

    def close(self) -> None:
        """Once nobody asks any more."""
        self._threads.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises what nobody else answers, once it is written down."""
        try:
            await self._answer(scope, receive, send)
        except Exception as error:
            log.exception("failed", exc_info=error)
            raise

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._ends.loop = asyncio.get_running_loop()
        environ = environ_of(scope)
        started = time.perf_counter()
        try:
            async with self._bodies.whole(environ, receive) as body:
                started = time.perf_counter()
                finished = await self._tapped(environ, body, started=started)
                if finished is None:
                    await self._threads.answer(environ, body, send)
        except KlientoError as refusal:
            finished = await asyncio.to_thread(self._scans.refused, refusal, environ, started=started)
        if finished is not None:
            await answer(send, *finished)

    async def _tapped(self, environ: Environ, body: bytes, *, started: float) -> Finished | None:
        """The answer to a tap; None for whatever a thread has to answer."""
        handed = self._scans.begin(environ, body)
        if handed is None:
            return None
        try:
            async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
                said = await self._ends.of(handed)
        except TimeoutError:
            said = Busy()  # it may be recorded all the same
        return self._scans.end(said, environ, started=started)


class _Ends:
    """Tells the loop what has ended in other threads: once for as much as there is."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self._those: deque[tuple[asyncio.Future[Any], HandedIn[Any, Any]]] = deque()
        self._is_called = False

    def of(self, handed: HandedIn[Any, Any]) -> "asyncio.Future[Any]":
        """Its answer, or the error that it ended with."""
        future = self.loop.create_future()
        handed.then(lambda: self._ended(future, handed))
        return future

    def _ended(self, future: "asyncio.Future[Any]", handed: HandedIn[Any, Any]) -> None:
        self._those.append((future, handed))
        if not self._is_called:
            self._is_called = True
            self.in_loop(self._tell)

    def in_loop(self, act: Callable[[], object]) -> None:
        """Have the loop do this soon, if there is one yet, and still."""
        with suppress(AttributeError, RuntimeError):
            self.loop.call_soon_threadsafe(act)

    def _tell(self) -> None:
        self._is_called = False
        while self._those:
            future, handed = self._those.popleft()
            if not future.done():  # somebody waits still
                future.set_result(handed.answer if handed.error is None else handed.error)
