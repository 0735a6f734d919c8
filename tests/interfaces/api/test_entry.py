"""The short ways in for scans and Django's own answer every request alike: status, headers, body and log line."""

import io
import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import structlog
from django.db import connection
from django.test import override_settings
from django.utils import translation
from django.utils.module_loading import import_string

from kliento.domain.recipients.actions import revoke_terminal
from kliento.interfaces.api.door import Door
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.asgi import ask
from tests.world import REGISTER_HOLDER, kahvila_kaisa

PER_ANSWER = {"x-request-id"}
# Django says for which cookie and language an answer holds; this one depends on neither.
OF_PAGES = {"vary", "content-language", "content-length"}


@pytest.fixture
def application(db):
    """What serves: the short way in, with Django behind it."""
    return import_string("kliento.config.wsgi.application")


def _asked(secret: str, body: bytes, **changed: str) -> dict[str, Any]:
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/api/v1/scans",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    } | changed
    return {name: value for name, value in environ.items() if value != ""}


def _answer(application: Any, environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, str], bytes]:
    said: list[Any] = []
    content = b"".join(
        application(
            {"SCRIPT_NAME": "", "QUERY_STRING": "", **environ, "wsgi.input": io.BytesIO(body)},
            lambda status, headers, *_: said.extend([status, headers]),
        )
    )
    headers = {name.lower(): text for name, text in said[1] if name.lower() not in PER_ANSWER | OF_PAGES}
    return said[0], headers, content


def _scan(code: str, **more: object) -> dict[str, object]:
    return {"id": str(new_id()), "code": code, **more}


def _both(application: Any, environ: dict[str, Any], body: bytes) -> tuple[Any, Any]:
    """The answer of the short ways, first by a thread and then by the loop, and that of Django."""
    by_thread = _answer(application, environ, body)
    by_loop = _at_the_door(application, environ, body)
    assert by_thread == by_loop
    return by_loop, _answer(application.django, environ, body)


def _at_the_door(application: Any, environ: dict[str, Any], body: bytes) -> tuple[str, dict[str, str], bytes]:
    door = Door(application, threads=1)
    status, headers, content = ask(door, environ, body)
    door.close()
    named = {name.lower(): text for name, text in headers if name.lower() not in PER_ANSWER | OF_PAGES}
    return f"{status} {HTTPStatus(status).phrase}", named, content


def test_a_tap_and_its_repeat_are_answered_alike(application):
    place, aino = kahvila_kaisa(at=now()), taps.aino(at=now())
    taps.share(aino, place, "first_name", at=now())
    body = json.dumps({"scans": [_scan(taps.code_of(aino, at=now()))]}).encode()
    short, long = _both(application, _asked(place.secret, body), body)
    assert short == long
    assert short[0] == "200 OK"
    [answer] = json.loads(short[2])["scans"]
    assert (answer["outcome"], answer["values"]) == ("identified", {"first_name": "Aino"})


BODIES = {
    "nothing": b"",
    "half": b"{",
    "no object": b"[]",
    "no scans": b'{"scans": []}',
    "an unknown key": b'{"scans": [], "extra": 1}',
    "deep": b'{"scans": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "not UTF-8": b"\xff\xfe{}",
    "too many": json.dumps({"scans": [_scan("x") for _ in range(501)]}).encode(),
    "one that cannot be read": json.dumps({"scans": [_scan("x") | {"id": "7"}]}).encode(),
    "a surrogate": b'{"scans": [{"id": "01a205a2-37a0-7e40-a2ef-a3370be3d79d", "code": "\\ud800"}]}',
    "a number that is none": b'{"scans": NaN}',
    "unknown codes": json.dumps({"scans": [_scan("first"), _scan("💳 قهوة \u202e")]}).encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_kind_of_body_is_answered_alike(application, name):
    body = BODIES[name]
    short, long = _both(application, _asked(kahvila_kaisa(at=now()).secret, body), body)
    assert short == long


ENVELOPES: dict[str, dict[str, str]] = {
    "another method": {"REQUEST_METHOD": "GET"},
    "a method nobody knows": {"REQUEST_METHOD": "BREW"},
    "a query": {"QUERY_STRING": "fast=1"},
    "another content type": {"CONTENT_TYPE": "text/plain"},
    "a charset": {"CONTENT_TYPE": "application/json; charset=utf-8"},
    "no content type": {"CONTENT_TYPE": ""},
    "too long": {"CONTENT_LENGTH": "1000001"},
    "a length that is none": {"CONTENT_LENGTH": "ten"},
    "in pieces": {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""},
    "a foreign host": {"HTTP_HOST": "elsewhere.example"},
    "no secret": {"HTTP_AUTHORIZATION": ""},
    "a wrong secret": {"HTTP_AUTHORIZATION": "Bearer kt_nobody"},
    "another scheme": {"HTTP_AUTHORIZATION": "Basic a2FpOmthaQ=="},
    "another address": {"PATH_INFO": "/api/v1/scans/"},
    "another language": {"HTTP_ACCEPT_LANGUAGE": "fi"},
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_kind_of_request_is_answered_alike(application, name):
    body = json.dumps({"scans": [_scan("a code")]}).encode()
    short, long = _both(application, _asked(kahvila_kaisa(at=now()).secret, body, **ENVELOPES[name]), body)
    assert short == long


def test_whoever_is_nobody_learns_nothing_about_a_sealed_code(application):
    body = json.dumps({"scans": [{"id": str(new_id()), "sealed": "AAAA"}]}).encode()
    short, long = _both(application, _asked("kt_nobody", body), body)
    assert short == long
    assert short[0] == "401 Unauthorized"


def test_a_database_that_fails_is_the_same_problem_and_written_down(application):
    place = kahvila_kaisa(at=now())
    body = json.dumps({"scans": [_scan("a code")]}).encode()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE visits_scan RENAME TO mislaid")
        with structlog.testing.capture_logs() as lines:
            short, long = _both(application, _asked(place.secret, body), body)
        cursor.execute("ALTER TABLE mislaid RENAME TO visits_scan")
    assert short == long
    assert (short[0], short[1]["content-type"]) == ("500 Internal Server Error", "application/problem+json")
    of_django = ["failed", "answered"]
    assert [line["event"] for line in lines] == [*["handed on", *of_django] * 2, *of_django]
    assert _answer(application, _asked(place.secret, body), body)[0] == "200 OK", "once it is back"


def test_the_language_of_the_page_served_before_does_not_matter(application):
    place = kahvila_kaisa(at=now())
    body = json.dumps({"sent_at": (now() - timedelta(hours=1)).isoformat(), "scans": [_scan("a code")]}).encode()
    with translation.override("fi"):  # as a page leaves it behind in its thread
        short, long = _both(application, _asked(place.secret, body, HTTP_ACCEPT_LANGUAGE="sv"), body)
    assert short == long
    assert "clock is wrong" in json.loads(short[2])["scans"][0]["problem"]["detail"]


def test_a_used_id_is_the_same_conflict(application):
    place, used = kahvila_kaisa(at=now()), _scan("first")
    first = json.dumps({"scans": [used]}).encode()
    _answer(application, _asked(place.secret, first), first)
    body = json.dumps({"scans": [used | {"code": "second"}]}).encode()
    short, long = _both(application, _asked(place.secret, body), body)
    assert short == long
    assert (short[0], json.loads(short[2])["code"]) == ("409 Conflict", "scan_id_reused")


def test_too_many_unknown_codes_are_the_same_refusal(application):
    place = kahvila_kaisa(at=now())
    guesses = json.dumps({"scans": [_scan(f"K1GUESS{number:09}") for number in range(30)]}).encode()
    _answer(application, _asked(place.secret, guesses), guesses)
    body = json.dumps({"scans": [_scan("one more")]}).encode()
    short, long = _both(application, _asked(place.secret, body), body)
    assert short == long
    assert (short[0], short[1]["retry-after"]) == ("429 Too Many Requests", "60")


def test_a_revoked_terminal_is_out_at_once_both_ways(application):
    place = kahvila_kaisa(at=now())
    body = json.dumps({"scans": [_scan("a code")]}).encode()
    assert _answer(application, _asked(place.secret, body), body)[0] == "200 OK"
    revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=now())
    short, long = _both(application, _asked(place.secret, body), body)
    assert short == long
    assert short[0] == "401 Unauthorized"


def test_behind_a_proxy_only_what_came_by_https_is_taken(application):
    body = json.dumps({"scans": [_scan("a code")]}).encode()
    secret = kahvila_kaisa(at=now()).secret
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        served = type(application)(import_string("django.core.wsgi.get_wsgi_application")())
        for said in ("http", "https"):
            short, long = _both(served, _asked(secret, body, HTTP_X_FORWARDED_PROTO=said), body)
            assert short == long
            assert short[0].split()[0] == ("301" if said == "http" else "200")


def test_each_way_writes_the_same_line(application):
    body = json.dumps({"scans": [_scan("a code")]}).encode()
    environ = _asked(kahvila_kaisa(at=now()).secret, body)
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        _both(application, environ, body)
    told = [{name: line[name] for name in line if name not in {"request", "milliseconds"}} for line in lines]
    assert told == [told[0]] * 3
    assert all(line["request"] and line["milliseconds"] >= 0 for line in lines)
