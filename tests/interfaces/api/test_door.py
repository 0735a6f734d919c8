"""What stands before Django hands over every request as it came, and every answer as it is. Over the real server."""

import asyncio
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kliento.kernel.clock import now
from kliento.web.asgi import Threads, environ_of
from tests.asgi import ask, scope_of
from tests.postgres import free_port
from tests.serving import Served
from tests.world import kahvila_kaisa

STATIC = Path(__file__).resolve().parents[3] / "src/kliento/web/static"


@contextmanager
def _connected(served: Served) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("localhost", urlsplit(served.url).port or 0, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def test_pages_files_and_cookies_arrive_whole(served: Served) -> None:
    largest = max(STATIC.rglob("*.js"), key=lambda file: file.stat().st_size)
    path, whole = f"/static/{largest.relative_to(STATIC)}", largest.read_bytes()
    with _connected(served) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, whole)
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert (head.status, head.getheader("Content-Length"), head.read()) == (200, str(len(whole)), b"")
        connection.request("GET", path, headers={"If-None-Match": answer.getheader("ETag") or ""})
        again = connection.getresponse()
        assert (again.status, again.read()) == (304, b"")
        connection.request("GET", "/sign-in/me/", headers={"Cookie": "django_language=fi"})
        assert '<html lang="fi">' in connection.getresponse().read().decode()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("GET /%c3%a4%ff HTTP/1.1", 404),
        ("GET //elsewhere.example/ HTTP/1.1", 404),
        ("GET /healthz?%ff=1 HTTP/1.1", 200),
        ("GET http://localhost/healthz HTTP/1.1", 200),
        ("GET /healthz HTTP/1.0", 200),
        ("BREW / HTTP/1.1", 403),
    ],
)
def test_odd_requests_are_answered_as_any(asked: str, status: int, served: Served) -> None:
    port = urlsplit(served.url).port or 0
    with socket.create_connection(("localhost", port), timeout=20) as connection:
        sent = f"{asked}\r\nHost: localhost:{port}\r\nX-Odd: ä\r\nConnection: close\r\n\r\n"
        connection.sendall(sent.encode("latin-1"))
        said = connection.makefile("rb").readline().decode()
    assert re.match(rf"HTTP/1\.[01] {status} ", said)


def test_headers_and_addresses_are_told_as_wsgi_has_them_and_an_underscore_is_no_hyphen() -> None:
    scope = scope_of({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "REMOTE_ADDR": "[2001:db8::1]"})
    scope["headers"] = [
        (b"x_forwarded_proto", b"https"), (b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"192.0.2.2"),
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-type", b"text/plain"),
    ]  # fmt: skip
    environ = environ_of(scope)
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1,192.0.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["REMOTE_ADDR"] == "2001:db8::1", "as limits and neighbours read it"


@pytest.mark.parametrize("size", [0, 10, 64_000, 64_001, 1_000_000])
def test_what_is_long_leaves_in_parts_and_is_closed_by_the_thread_that_made_it(size: int) -> None:
    class Content:
        """Rows as a file of them is made: one after the other."""

        closed = 0
        streaming = True

        def __iter__(self) -> Iterator[bytes]:
            yield from (b"x" * min(700, size - sent) for sent in range(0, size, 700))

        def close(self) -> None:
            self.closed += 1

    content = Content()

    def application(_environ: dict[str, Any], start: Any) -> Content:
        start("200 OK", [("Content-Type", "text/csv")])
        return content

    async def only_threads(scope: Any, _receive: Any, send: Any) -> None:
        await Threads(application, threads=1).answer(environ_of(scope), b"", send)

    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    assert ask(only_threads, asked, b"") == (200, [("Content-Type", "text/csv")], size * b"x")
    assert content.closed == 1


def test_a_tap_is_taken_in_both_before_and_after_its_terminal_is_known(served: Served) -> None:
    secret = kahvila_kaisa(at=now()).secret
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    body = '{"scans": [{"id": "01a205a2-37a0-7e40-a2ef-a3370be3d79d", "code": "K1NOBODYS"}]}'
    with _connected(served) as connection:
        for _ in range(3):
            connection.request("POST", "/api/v1/scans", body, headers)
            answer = connection.getresponse()
            assert (answer.status, b'"outcome": "unknown"' in answer.read()) == (200, True)
            assert answer.getheader("Content-Type") == "application/json; charset=utf-8"
            assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_what_is_being_sent_when_the_server_ends_is_given_up() -> None:
    loop, threads = asyncio.new_event_loop(), Threads(lambda _environ, start: start("200 OK", []) or [b"x"], threads=1)

    async def never(_message: Any) -> None:
        await loop.create_future()

    async def begun() -> None:
        asked = scope_of({"REQUEST_METHOD": "GET", "PATH_INFO": "/"})
        answering.append(asyncio.ensure_future(threads.answer(environ_of(asked), b"", never)))
        await asyncio.sleep(0.1)

    answering: list[asyncio.Future[None]] = []
    loop.run_until_complete(begun())  # and no longer
    threads.close()
    with pytest.raises(TimeoutError):
        loop.run_until_complete(answering[0])
    for task in (left := asyncio.all_tasks(loop)):
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.close()


_LONG = """
import sys
from collections.abc import Iterator

import django
from granian.constants import HTTPModes, Interfaces

django.setup()
from kliento.interfaces.commands.management.commands.serve import OneProcess
from kliento.web.asgi import Threads, environ_of


class Content:
    streaming = True

    def __iter__(self) -> Iterator[bytes]:
        for number in range(2000):
            print(number, flush=True)
            yield 64_000 * b"x"


def long(environ, start):
    start("200 OK", [])
    return Content()


async def application(scope, receive, send):
    await Threads(long, threads=1).answer(environ_of(scope), b"", send)


server = OneProcess(
    lambda: None, "a:b", port=int(sys.argv[1]), interface=Interfaces.ASGINL, http=HTTPModes.http1, websockets=False
)
server.serve(target_loader=lambda *_: application, wrap_loader=False)
"""


def test_a_long_answer_is_made_as_fast_as_it_is_read(tmp_path: Path) -> None:
    port, made = free_port(), tmp_path / "made"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "kliento.config.settings", "KLIENTO_DATA": str(tmp_path)}
    with made.open("wb") as output:
        server = subprocess.Popen([sys.executable, "-c", _LONG, str(port)], env=environment, stdout=output)
    try:
        with _as_soon_as_it_listens(port) as reader:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while not made.read_text():
                time.sleep(0.05)
            while (before := made.read_text()) != _a_second_later(made):
                continue
            assert len(before.split()) < 500, "what is in the buffers of the operating system, of 2000"
            taken = 0
            while taken < 2000 * 64_000:
                taken += len(reader.recv(1_000_000))
    finally:
        server.terminate()
        server.wait(60)


def _a_second_later(made: Path) -> str:
    time.sleep(1)
    return made.read_text()


def _as_soon_as_it_listens(port: int) -> socket.socket:
    until = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)
