"""Threat 27: whoever sends a body slowly does not keep others from being served, nor fills the memory.

Over the real server with its threads, and no proxy before it.
"""

import asyncio
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.errors import Busy, Invalid
from kliento.kernel.ids import new_id
from kliento.web.asgi import Bodies
from tests import taps
from tests.asgi import in_a_loop
from tests.serving import Served
from tests.world import kahvila_kaisa

PROJECT = Path(__file__).resolve().parents[2]
SLOW = 80  # more than there are threads, and more than large ones may be on their way
UNITS = {"MB": 1_000_000, "KB": 1000}


@contextmanager
def _slowly(served: Served, path: str, *, content: str, length: int) -> Iterator[None]:
    """So many bodies of which one byte came and no other does."""
    address = urlsplit(served.url)
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: localhost:{address.port}",
        f"Content-Type: {content}",
        "Authorization: Bearer kt_nobodys",
        f"Content-Length: {length}",
    ]
    with ExitStack() as open_ones:
        for _ in range(SLOW):
            one = open_ones.enter_context(socket.create_connection(("localhost", address.port or 0)))
            one.sendall("\r\n".join([*head, "", "{"]).encode())
        yield


def _asked(served: Served, method: str, path: str, body: str | None = None, secret: str = "") -> tuple[int, str | None]:
    connection = http.client.HTTPConnection("localhost", urlsplit(served.url).port or 0, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"} if body else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Retry-After")
    finally:
        connection.close()


def _tap(person: PersonActor, *, padded: int = 0) -> str:
    return json.dumps({"scans": [{"id": str(new_id()), "code": taps.code_of(person, at=now())}]}) + padded * " "


@pytest.mark.parametrize("length", [50, 900_000])
@pytest.mark.parametrize(
    ("path", "content"),
    [("/api/v1/scans", "application/json"), ("/sign-in/me/", "application/x-www-form-urlencoded")],
)
def test_threat_27_pages_and_taps_are_served_while_bodies_come_slowly(
    path: str, content: str, length: int, served: Served
) -> None:
    kaisa, aino = kahvila_kaisa(at=now()), taps.aino(at=now())
    with _slowly(served, path, content=content, length=length):
        for _ in range(5):
            assert _asked(served, "GET", "/healthz")[0] == 200
            assert _asked(served, "GET", "/")[0] == 200
            assert _asked(served, "POST", "/api/v1/scans", _tap(aino), kaisa.secret)[0] == 200


def test_threat_27_large_bodies_that_come_slowly_fill_no_memory_and_the_next_is_told_when_to_come_again(
    served: Served,
) -> None:
    kaisa, aino = kahvila_kaisa(at=now()), taps.aino(at=now())
    large = _tap(aino, padded=9000)
    with _slowly(served, "/api/v1/scans", content="application/json", length=900_000):
        until = time.monotonic() + 20
        while (told := _asked(served, "POST", "/api/v1/scans", large, kaisa.secret))[0] == 200:
            assert time.monotonic() < until, "their places are taken once they are let in"
        assert told == (503, "1")
    while (status := _asked(served, "POST", "/api/v1/scans", large, kaisa.secret)[0]) == 503:
        time.sleep(0.1)  # until it is heard that they are gone
    assert status == 200


def test_threat_27_a_body_that_does_not_come_is_given_up() -> None:
    async def never() -> Mapping[str, Any]:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def given_up(bodies: Bodies) -> None:
        with pytest.raises(Invalid, match="Only a part of the message arrived"):
            async with bodies.whole({"CONTENT_LENGTH": "900000"}, never):
                pytest.fail("it was let in")

    async def waits() -> None:
        bodies = Bodies(wait_seconds=0.01)
        for _ in range(200):  # those that were given up leave their places
            await given_up(bodies)
        bodies = Bodies()
        waiting = [asyncio.ensure_future(given_up(bodies)) for _ in range(3)]
        await asyncio.sleep(0.01)
        bodies.give_up()  # as when the service is told to end
        await asyncio.wait_for(asyncio.gather(*waiting), 5)

    in_a_loop(waits())


def test_threat_27_large_bodies_keep_their_places_until_they_are_answered() -> None:
    async def here() -> Mapping[str, Any]:
        return {"type": "http.request", "body": 9000 * b"x", "more_body": False}

    async def holds() -> None:
        bodies, held = Bodies(), AsyncExitStack()
        async with held:
            while True:
                await held.enter_async_context(bodies.whole({"CONTENT_LENGTH": "9000"}, here))

    with pytest.raises(Busy):
        in_a_loop(holds())


def test_threat_27_the_proxy_that_is_shipped_takes_in_whole_bodies_and_gives_up_on_slow_ones() -> None:
    caddyfile = re.sub(r"#.*", "", (PROJECT / "deploy" / "Caddyfile").read_text())
    proxied = re.search(r"reverse_proxy [^{]*(?:\{[^}]*\}[^{]*)?\{(.*?)\}", caddyfile, re.DOTALL)
    assert proxied
    assert "request_buffers" in proxied[0]
    [buffered] = re.findall(r"request_buffers (\d+)(MB|KB)", caddyfile)
    [longest] = re.findall(r"max_size (\d+)(MB|KB)", caddyfile)
    sizes = [int(number) * UNITS[unit] for number, unit in (buffered, longest)]
    assert sizes[0] >= sizes[1] >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "whatever is taken at all is taken whole"
    [seconds] = re.findall(r"read_body (\d+)s", caddyfile)
    assert 0 < int(seconds) <= 60
    assert "deploy/Caddyfile" in (PROJECT / "docs" / "operate.md").read_text()


@pytest.mark.parametrize(
    ("path", "content", "part", "told"),
    [
        ("/api/v1/scans", "application/json", b'{"scans": []}', '"code": "cut_short"'),
        ("/sign-in/me/", "application/x-www-form-urlencoded", b"address=a%40example.fi", '<html lang="fi">'),
    ],
)
def test_threat_27_a_body_whose_sender_hung_up_half_way_is_read_by_nobody_as_a_shorter_one(
    path: str, content: str, part: bytes, told: str, served: Served
) -> None:
    address = urlsplit(served.url)
    head = [f"POST {path} HTTP/1.1", f"Host: localhost:{address.port}", f"Content-Type: {content}"]
    head += [f"Content-Length: {len(part) + 40}", "Authorization: Bearer kt_nobodys", "Accept-Language: fi"]
    with socket.create_connection(("localhost", address.port or 0), timeout=20) as one:
        one.sendall("\r\n".join([*head, "", ""]).encode() + part)
        one.shutdown(socket.SHUT_WR)
        answer = one.makefile("rb").read()
    said, _, body = answer.partition(b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert told in body.decode()
