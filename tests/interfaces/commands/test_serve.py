"""The one process: serves, works in the background, stops when told and leaves nothing behind when killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from kliento.domain.dispatch.actions import post_letter
from kliento.domain.dispatch.queries import mailbox
from kliento.domain.outbox.models import Item
from kliento.domain.vault.actions import NewValue, seal_values
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.databases import Databases
from tests.postgres import free_port
from tests.serving import Served, serving


@pytest.fixture
def served(db: Databases) -> Iterator[Served]:
    """Started from nothing, as its users do."""
    with serving(db) as product:
        yield product


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def raw(served: Served, request: bytes) -> bytes:
    """The first part of the answer to bytes no client library would send."""
    address = urlsplit(served.url)
    with socket.create_connection(("127.0.0.1", address.port), timeout=10) as connected:
        connected.sendall(request)
        return connected.recv(65_536)


def post_a_letter() -> None:
    owner_id = new_id()
    with transaction.atomic():
        seal_values([NewValue(owner_id, "login_email", "aino@example.fi", "person")], at=now())
        post_letter(
            "signup_code", owner_id=owner_id, language="en", context={"code": "739204", "minutes": "15"}, at=now()
        )


def test_it_serves_and_works_in_one_process(served: Served) -> None:
    assert urlopen(f"{served.url}/healthz").read() == b"alive\n"
    assert json.load(urlopen(f"{served.url}/readyz"))["database keys"] == "ready"
    assert children_of(served.process.pid) == []
    post_a_letter()
    deadline = time.monotonic() + 15
    while Item.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Item.objects.exists()
    assert mailbox()[0].to == "aino@example.fi"
    log = served.log.read_text()
    assert "aino" not in log
    assert "739204" not in log


def test_it_answers_many_at_once(served: Served) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: urlopen(f"{served.url}/readyz", timeout=20).status, range(160)))
    assert answers == [200] * 160


def test_it_stops_when_told_and_frees_its_port(db: Databases) -> None:
    with serving(db) as served:
        os.kill(served.process.pid, signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert "Traceback" not in served.log.read_text()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urlsplit(served.url).port or 0), timeout=2)


def test_killed_by_force_it_leaves_the_port_and_the_databases_free(db: Databases) -> None:
    with serving(db) as served:
        port = urlsplit(served.url).port or 0
        served.process.kill()
        served.process.wait(10)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2)
        post_a_letter()
        assert Item.objects.count() == 1


def test_a_database_that_is_behind_is_not_served(db: Databases) -> None:
    newest = MigrationRecorder(connection).migration_qs.filter(app="outbox").latest("id")
    newest.delete()
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    refused = subprocess.run(
        [Path(sys.executable).with_name("kliento"), "serve", "--port", str(free_port())],
        env=inherited | db.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    assert "kliento migrate" in refused.stderr


STRANGE = [
    (b"POST /api/v1/scans HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n", b"413"),
    (b"POST /api/v1/scans HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: -5\r\n", b"400"),
    (b"POST /api/v1/scans HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n", b"415"),
    (b"POST /api/v1/scans HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n", b"411"),
    (b"GET /" + b"a" * 5_000_000 + b" HTTP/1.1\r\n", b"4"),
    (b"GET /\xff\xfe%00 HTTP/1.1\r\n", b"4"),
]


def test_requests_no_browser_sends_get_a_clear_answer(served: Served) -> None:
    for head, status in STRANGE:
        try:
            answer = raw(served, head + b"Host: localhost\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        except ConnectionError:  # it hung up while we were still sending
            answer = b"HTTP/1.1 400"
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert urlopen(f"{served.url}/healthz").status == 200
