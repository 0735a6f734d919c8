"""A line for each request, by its route: never its path, its query or who asked."""

import pytest
from django.test import Client
from django.utils.module_loading import import_string

from kliento.interfaces.api.door import Door
from tests.asgi import ask
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


def test_a_body_that_was_cut_short_is_counted_but_its_address_is_not_repeated(
    db: Databases, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = {"REQUEST_METHOD": "AINO", "PATH_INFO": "/terms/kanarialintu", "CONTENT_LENGTH": "9"}
    status, _headers, _content = ask(Door(import_string("kliento.config.wsgi.application"), threads=1), asked, b"half")
    assert status == 400
    _, log = capfd.readouterr()
    assert "status=400" in log
    assert "kanarialintu" not in log
    assert "AINO" not in log
