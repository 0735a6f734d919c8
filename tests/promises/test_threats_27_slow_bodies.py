"""Threat 27: whoever sends a body slowly does not keep others from being served; a proxy keeps them from trying.

Over the real server with its threads, and no proxy before it.
"""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.serving import Served
from tests.world import kahvila_kaisa

PROJECT = Path(__file__).resolve().parents[2]
SLOW = 40  # more than there are threads
UNITS = {"MB": 1_000_000, "KB": 1000}


@contextmanager
def _slowly(served: Served, path: str, *, content: str) -> Iterator[None]:
    """So many bodies of which one byte came and no other does."""
    address = urlsplit(served.url)
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: localhost:{address.port}",
        f"Content-Type: {content}",
        "Authorization: Bearer kt_nobodys",
        "Content-Length: 50",
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


@pytest.mark.parametrize(
    ("path", "content"),
    [("/api/v1/scans", "application/json"), ("/sign-in/me/", "application/x-www-form-urlencoded")],
)
def test_threat_27_pages_open_while_bodies_come_slowly_and_taps_as_soon_as_they_are_gone(
    path: str, content: str, served: Served
) -> None:
    kaisa, aino = kahvila_kaisa(at=now()), taps.aino(at=now())
    tap = json.dumps({"scans": [{"id": str(new_id()), "code": taps.code_of(aino, at=now())}]})
    with _slowly(served, path, content=content):
        for _ in range(5):
            assert _asked(served, "GET", "/healthz")[0] == 200
            assert _asked(served, "GET", "/")[0] == 200
        status, retry_after = _asked(served, "POST", "/api/v1/scans", tap, kaisa.secret)
        assert status in (200, 503)
        assert (retry_after is not None) == (status == 503), "who is sent away is told when to come again"
    for _ in range(20):
        status, _retry_after = _asked(served, "POST", "/api/v1/scans", tap, kaisa.secret)
        if status == 200:
            break
    assert status == 200


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
