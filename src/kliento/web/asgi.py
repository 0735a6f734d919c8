"""A WSGI application behind ASGI: bodies are waited for by nobody's thread, and pages are answered by threads.

Under WSGI granian hands a request to a thread as soon as its headers came, and a thread that waits for a body cannot be
told to stop (threat 27). Under ASGI an event loop waits, for a minute at most. What is answered without a thread of its
own need not take one at all (`interfaces/api/door.py`).
"""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import Busy, Invalid
from kliento.web.bodies import length_of

log = structlog.get_logger("kliento.web")
_LONGEST_WAIT_SECONDS = 60.0
_LOOK_SECONDS = 1.0  # how soon it is noticed that nobody sends any more
_LARGE_BYTES = 8_000  # no tap is longer, and hardly a form
_LARGE_AT_ONCE = 64  # each may fill DATA_UPLOAD_MAX_MEMORY_SIZE
_PART_BYTES = 64_000

Environ = dict[str, Any]
StartResponse = Callable[..., object]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Headers = list[tuple[str, str]]


def environ_of(scope: Scope) -> Environ:
    """The request as PEP 3333 has it, still without its body.

    A header with an underscore in its name is left out: it would pass for one with a hyphen, which a proxy sets.
    """
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": scope["server"][0].strip("[]"),
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, text in scope["headers"]:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        said = text.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{said}" if key in environ else said
    return environ


async def answer(send: Send, status: int, headers: Headers, content: bytes) -> None:
    """Send a whole answer."""
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": content, "more_body": False})


class Bodies:
    """Bodies on their way, and here. Of large ones there are few at a time, so that many of them fill no memory."""

    def __init__(self, *, wait_seconds: float = _LONGEST_WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        self._waits: set[asyncio.Timeout] = set()
        self._large = 0

    @asynccontextmanager
    async def whole(self, environ: Environ, receive: Receive) -> AsyncIterator[bytes]:
        """The body, once all of it is here. Empty for one that is too long, or does not say how long: who judges the
        request refuses it.

        Raises Busy for a large one too many. Invalid "cut_short" for one whose rest did not come within a minute, or
        whose sender hung up half way: nobody is to read it as a shorter one.
        """
        length = length_of(environ) or 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            length = 0
        is_large = length > _LARGE_BYTES
        if is_large and self._large >= _LARGE_AT_ONCE:
            raise Busy
        self._large += is_large
        try:
            yield await self._received(length, receive) if length else b""
        finally:
            self._large -= is_large

    def give_up(self) -> None:
        """Wait no longer for those that are on their way. To be called in the loop."""
        for wait in self._waits:
            wait.reschedule(0.0)

    async def _received(self, length: int, receive: Receive) -> bytes:
        body = b""
        try:
            async with asyncio.timeout(self._wait_seconds) as wait:
                self._waits.add(wait)
                try:
                    while (message := await receive())["type"] == "http.request":
                        body += message.get("body", b"")
                        if not message.get("more_body"):
                            break
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            pass
        if len(body) < length:
            raise Invalid(_("Only a part of the message arrived. Send it again."), code="cut_short")
        return body


class Threads:
    """Answers requests by a WSGI application, so many at a time. A quarter of them may be sending long files.

    Those say so themselves (`is_long`); what else leaves in parts, such as a style sheet, is soon over.
    """

    def __init__(self, application: Application, *, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, "request")
        self._long = threading.BoundedSemaphore(max(1, threads // 4))

    async def answer(self, environ: Environ, body: bytes, send: Send) -> None:
        """Answer one. What Django calls streaming leaves in parts, as fast as it is taken in at the other end.

        Raises Busy for a long file while as many as may are under way: nothing of it is read.
        """
        loop = asyncio.get_running_loop()
        environ["wsgi.input"] = io.BytesIO(body)
        await loop.run_in_executor(self._pool, self._answer, environ, _Sender(send, loop))

    def close(self) -> None:
        """Let them end what they are at, and go."""
        self._pool.shutdown()

    def _answer(self, environ: Environ, sender: "_Sender") -> None:
        said: list[Any] = []
        content = self._application(environ, lambda status, headers, _error=None: said.extend((status, headers)))
        try:
            status, headers = int(said[0][:3]), said[1]
            if getattr(content, "is_long", False):
                self._send_long(sender, status, headers, _parts(content))
            elif getattr(content, "streaming", False):
                sender.send_parts(status, headers, _parts(content))
            else:
                sender.send_whole(status, headers, b"".join(content))
        finally:
            if hasattr(content, "close"):
                content.close()

    def _send_long(self, sender: "_Sender", status: int, headers: Headers, parts: Iterator[bytes]) -> None:
        if not self._long.acquire(blocking=False):
            raise Busy
        try:
            sender.send_parts(status, headers, parts)
        finally:
            self._long.release()


class _Sender:
    """Sends an answer from a thread, which waits until it is taken in: so a long one fills no memory."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self._send = send
        self._loop = loop

    def send_whole(self, status: int, headers: Headers, content: bytes) -> None:
        self._wait(answer(self._send, status, headers, content))

    def send_parts(self, status: int, headers: Headers, parts: Iterator[bytes]) -> None:
        """Raises TimeoutError when nothing was taken in for a minute: then whoever asked is as good as gone."""
        part = next(parts, b"")
        if len(part) < _PART_BYTES:
            self.send_whole(status, headers, part)
            return
        self._wait(self._send(_start(status, headers)))
        while part:
            self._wait(self._send({"type": "http.response.body", "body": part, "more_body": True}))
            part = next(parts, b"")
        self._wait(self._send({"type": "http.response.body", "body": b"", "more_body": False}))

    def _wait(self, sending: Awaitable[None]) -> None:
        async def sent() -> None:
            async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
                await sending

        sending_it = asyncio.run_coroutine_threadsafe(sent(), self._loop)
        while not sending_it.done():
            try:
                sending_it.result(_LOOK_SECONDS)
            except TimeoutError:
                if not sending_it.done() and not self._loop.is_running():
                    raise  # the server has ended: nothing is taken in any more, and the process waits for this thread
        sending_it.result()


def _start(status: int, headers: Headers) -> Mapping[str, Any]:
    written = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers]
    return {"type": "http.response.start", "status": status, "headers": written}


def _parts(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same, in parts of some size; the last, and only the last, may be smaller."""
    gathered, size = [], 0
    for piece in content:
        gathered.append(piece)
        size += len(piece)
        if size >= _PART_BYTES:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
