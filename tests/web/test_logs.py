"""A line for each request, by its route: never its path, its query or who asked."""

import io
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
from django.test import Client
from django.utils.module_loading import import_string

from tests.databases import Databases


def test_a_request_is_logged_by_its_route(db: Databases, capfd: pytest.CaptureFixture[str]) -> None:
    response = Client().get("/register-description?q=aino", REMOTE_ADDR="192.0.2.7")
    _, log = capfd.readouterr()
    assert "route=register-description" in log
    assert f"request={response['X-Request-Id']}" in log
    assert "aino" not in log
    assert "192.0.2.7" not in log


def test_an_address_that_leads_nowhere_is_counted_but_not_repeated(
    db: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    Client().get("/aino/kanarialintu")
    _, log = capfd.readouterr()
    assert "status=404" in log
    assert "kanarialintu" not in log


def test_an_invented_method_is_not_repeated(db: Databases, capfd: pytest.CaptureFixture[str]) -> None:
    Client().generic("AINO", "/terms")
    _, log = capfd.readouterr()
    assert "method=other" in log
    assert "AINO" not in log


def test_probes_write_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    Client().get("/healthz")
    _, log = capfd.readouterr()
    assert log == ""


def test_a_body_that_is_a_place_too_many_is_counted_but_its_address_is_not_repeated(
    db: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    class Slow(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            assert go_on.wait(20)
            return b""

    def ask(body: io.BytesIO) -> list[str]:
        asked = {"REQUEST_METHOD": "AINO", "PATH_INFO": "/terms/kanarialintu", "CONTENT_LENGTH": "9", "SCRIPT_NAME": ""}
        own = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "QUERY_STRING": "", "wsgi.url_scheme": "http"}
        said: list[str] = []
        list(application({**own, **asked, "wsgi.input": body}, lambda status, _headers: said.append(status)))
        return said

    application, go_on = import_string("kliento.config.wsgi.application"), threading.Event()
    with ThreadPoolExecutor(9) as pool:
        first = [pool.submit(ask, Slow()) for _ in range(9)]
        [refused] = wait(first, timeout=20, return_when=FIRST_COMPLETED).done
        go_on.set()
    assert refused.result() == ["503 Service Unavailable"]
    _, log = capfd.readouterr()
    assert "status=503" in log
    assert "kanarialintu" not in log
    assert "AINO" not in log
