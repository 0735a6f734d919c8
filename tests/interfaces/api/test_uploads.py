"""Uploads find a place or are told at once when to come again; taps are let in beside them."""

import io
import json
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.utils.module_loading import import_string

from kliento.interfaces.api.entry import ScansFirst
from kliento.interfaces.api.uploads import FewUploads
from kliento.kernel.clock import now
from kliento.kernel.errors import Busy, TooMany
from kliento.kernel.ids import new_id
from tests.world import kahvila_kaisa, kuntosali_kunto, place

LENGTH = 40_000


def _upload(secret: str, **changed: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/scans",
        "CONTENT_LENGTH": str(LENGTH),
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "wsgi.input": io.BytesIO(b" " * LENGTH),
    } | changed


@pytest.fixture
def tills(db):
    """The secrets of three."""
    third = place("Apteekki", "0737546-2", "Pori", at=now())
    return [till.secret for till in (kahvila_kaisa(at=now()), kuntosali_kunto(at=now()), third)]


@contextmanager
def _full(uploads: FewUploads, tills: list[str]):
    with ExitStack() as held:
        for secret in tills[:2]:
            held.enter_context(uploads.place(_upload(secret)))
        yield


def test_the_third_upload_is_refused(tills):
    uploads = FewUploads()
    with _full(uploads, tills), pytest.raises(Busy), uploads.place(_upload(tills[2])):
        pytest.fail("it was let in")
    with uploads.place(_upload(tills[2])) as let_in:
        assert let_in is None


def test_a_till_has_one_upload_at_a_time(tills):
    uploads = FewUploads()
    with uploads.place(_upload(tills[0])), pytest.raises(TooMany), uploads.place(_upload(tills[0])):
        pytest.fail("it was let in")


TAPS: dict[str, dict[str, Any]] = {
    "a tap": {"CONTENT_LENGTH": "8000"},
    "a question": {"REQUEST_METHOD": "GET"},
    "another address": {"PATH_INFO": "/counter/"},
    "a length that is none": {"CONTENT_LENGTH": "ten"},
    "no length": {"CONTENT_LENGTH": ""},
    "what is refused for its length": {"CONTENT_LENGTH": "1000001"},
}


@pytest.mark.parametrize("name", TAPS)
def test_what_is_no_upload_needs_no_place(tills, name):
    uploads, request = FewUploads(), _upload(tills[2], **TAPS[name])
    with _full(uploads, tills), uploads.place(request):
        assert len(request["wsgi.input"].read()) == LENGTH, "nothing of it was read"


def test_whoever_is_nobody_takes_no_place_of_a_till(tills):
    uploads = FewUploads()
    page = {"PATH_INFO": "/counter/scans", "HTTP_COOKIE": "one"}
    with (
        uploads.place(_upload("kt_nobody")),
        uploads.place(_upload("kt_nobody")),
        uploads.place(_upload("", **page)),
        uploads.place(_upload("", **page | {"HTTP_COOKIE": "two"})),
        uploads.place(_upload(tills[0])),
        pytest.raises(Busy),
        uploads.place(_upload("kt_another")),
    ):
        pytest.fail("it was let in")


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/api/v1/scans", "application/problem+json"), ("/counter/scans", "text/html; charset=utf-8")],
)
def test_the_refusal_says_when_to_come_again(tills, path, kind):
    seen: list[tuple[str, dict[str, str]]] = []

    def full(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/healthz":  # asked what every answer says
            start("200 OK", [("X-Frame-Options", "DENY")])
            return []
        if len(seen_inside) < 2:
            seen_inside.append(environ)
            other = _upload(tills[len(seen_inside)], PATH_INFO=path, HTTP_COOKIE=str(len(seen_inside)))
            return list(application(other | {"CONTENT_TYPE": "text/plain"}, answered))
        pytest.fail("it was let in")

    def answered(status: str, headers: list[tuple[str, str]]) -> None:
        seen.append((status, dict(headers)))

    seen_inside: list[dict[str, Any]] = []
    application = ScansFirst(full)
    content = b"".join(
        application(_upload(tills[0], PATH_INFO=path, HTTP_COOKIE="0") | {"CONTENT_TYPE": "text/plain"}, answered)
    )
    [(status, headers)] = seen
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "1"
    assert headers["Content-Type"] == kind
    assert headers["X-Frame-Options"] == "DENY"
    assert (b"<h1>Not available right now</h1>" if kind.startswith("text/html") else b'"code": "busy"') in content


def test_an_upload_leaves_its_place_when_it_is_answered(tills):
    application = import_string("kliento.config.wsgi.application")
    for _ in range(3):
        body = json.dumps({"scans": [{"id": str(new_id()), "code": "x" * 4000} for _ in range(3)]}).encode()
        environ = _upload(tills[0]) | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        seen: list[str] = []
        environ |= {"CONTENT_TYPE": "application/json", "HTTP_HOST": "localhost", "SERVER_NAME": "localhost"}
        environ |= {"SERVER_PORT": "80", "wsgi.url_scheme": "http", "SCRIPT_NAME": "", "QUERY_STRING": ""}
        assert b"".join(application(environ, lambda status, _headers, seen=seen: seen.append(status)))
        assert seen == ["200 OK"]
