"""Threat 27: whoever takes files along, however slowly, holds up nobody else."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from kliento.domain.recipients.models import FileUnderWay
from kliento.kernel.clock import now
from kliento.kernel.errors import Busy
from kliento.web.asgi import Application, Threads, environ_of
from tests.asgi import scope_of
from tests.phone import phone_of, text_of
from tests.portal import whole
from tests.world import aino, eino

FILE = "/me/activity/file"
THREADS = 8


@pytest.fixture
def phones(db: object) -> tuple[Client, Client]:
    """Of two people."""
    return phone_of(aino(at=now())), phone_of(eino(at=now()))


def test_threat_27_a_person_takes_one_file_at_a_time_and_others_take_theirs(phones: tuple[Client, Client]) -> None:
    mine, theirs = phones
    first = mine.post(FILE, {"kind": "csv"})
    for kind in ("csv", "json"):
        refused = mine.post(FILE, {"kind": kind})
        assert refused.status_code == 409
        assert "One file at a time" in text_of(refused)
        assert "Wait until it has arrived, then try again." in text_of(refused)
    assert whole(theirs.post(FILE, {"kind": "json"}))

    assert whole(first)
    assert whole(mine.post(FILE, {"kind": "json"}))


def test_threat_27_a_file_nobody_reads_to_its_end_frees_the_place(phones: tuple[Client, Client]) -> None:
    mine, _ = phones
    for kind in ("csv", "json"):
        mine.post(FILE, {"kind": kind}).close()
        assert not FileUnderWay.objects.exists()


class _Rows:
    """A file without end."""

    is_long, closed = True, 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield 64_000 * b"x"

    def close(self) -> None:
        self.closed += 1


def _application(rows: list[_Rows]) -> Application:
    def application(environ: dict[str, Any], start: Any) -> Any:
        start("200 OK", [])
        if environ["PATH_INFO"] != "/file":
            return [b"a page"]
        rows.append(_Rows())
        return rows[-1]

    return application


def test_threat_27_whoever_reads_slowly_leaves_most_threads_to_the_others() -> None:
    rows: list[_Rows] = []
    threads = Threads(_application(rows), threads=THREADS)
    file, page = ({**environ_of(scope_of({"REQUEST_METHOD": "GET", "PATH_INFO": path}))} for path in ("/file", "/"))

    async def slow(_message: Mapping[str, Any]) -> None:
        await asyncio.Event().wait()

    async def served() -> list[Mapping[str, Any]]:
        said: list[Mapping[str, Any]] = []

        async def send(message: Mapping[str, Any]) -> None:
            said.append(message)

        waiting = [asyncio.create_task(threads.answer(dict(file), b"", slow)) for _ in range(THREADS)]
        sent_away, _ = await asyncio.wait(waiting, timeout=1)
        try:
            assert len(sent_away) == THREADS - THREADS // 4
            assert all(isinstance(one.exception(), Busy) for one in sent_away)
            assert sum(each.closed for each in rows) == len(sent_away)
            await asyncio.wait_for(threads.answer(dict(page), b"", send), timeout=5)
        finally:
            for each in asyncio.all_tasks() - {asyncio.current_task()}:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return said

    with ThreadPoolExecutor(1) as apart:  # a browser of other tests has a loop of its own here
        said = apart.submit(asyncio.run, served()).result()
    assert [message.get("body") for message in said] == [None, b"a page"]
    threads.close()
    assert all(each.closed == 1 for each in rows)
