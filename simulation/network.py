"""A line for each till to the instance: up, down, or deaf (what is sent arrives, and no answer comes back)."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

UP, DOWN, DEAF = "up", "down", "deaf"
_READ_BYTES = 65_536


class Network:
    """Runs in a thread of its own until the block ends. `port` is the instance's, and may move."""

    def __init__(self, tills: int, *, port: int) -> None:
        self.port = port
        self._states = [UP] * tills
        self._open: list[set[asyncio.StreamWriter]] = [set() for _ in range(tills)]
        self._ports: list[int] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, till: int) -> str:
        """Where this till finds the instance."""
        return f"http://127.0.0.1:{self._ports[till]}"

    def set(self, till: int, state: str) -> None:
        """From now on; what is open on this line breaks."""
        self._loop.call_soon_threadsafe(self._set, till, state)

    def _set(self, till: int, state: str) -> None:
        self._states[till] = state
        if state != DEAF:
            for writer in list(self._open[till]):
                writer.transport.abort()

    async def _listen(self) -> None:
        self._servers = [
            await asyncio.start_server(self._line_of(till), "127.0.0.1", 0) for till in range(len(self._states))
        ]
        self._ports = [server.sockets[0].getsockname()[1] for server in self._servers]

    def _line_of(self, till: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._states[till] == DOWN:
                writer.transport.abort()
                return
            try:
                from_there, to_there = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:  # the instance is not there at this moment
                writer.transport.abort()
                return
            ends = {writer, to_there}
            self._open[till] |= ends
            try:
                await asyncio.gather(self._pump(reader, to_there), self._pump(from_there, writer, hears=till))
            finally:
                self._open[till] -= ends
                for end in ends:
                    end.transport.abort()

        return line

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hears: int | None = None) -> None:
        with suppress(OSError):
            while read := await reader.read(_READ_BYTES):
                if hears is None or self._states[hears] != DEAF:
                    writer.write(read)
                    await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        for writers in self._open:
            for writer in list(writers):
                writer.transport.abort()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
