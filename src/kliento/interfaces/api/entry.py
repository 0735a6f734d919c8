"""The short way in for `POST /api/v1/scans`, in front of Django's handler.

That, its middleware and ninja cost a tap three times what recording it does. So a plain request for scans is answered
here: the same schema, the same answers (`scanning.py`), the same problems, the same log line. Whatever is not plain
(another length, content type, host, query, an unknown secret, a body that cannot be read) is handed on to Django
untouched and answered there, and so is what failed here. A test sends each kind of request both ways and compares
status, headers and body. Two things are refused here alone: an upload too many (`uploads.py`), and a body that did not
come whole (`web/asgi.py`); a page's as a page.

A WSGI application for a thread that may wait; `begin` and `end` are the same for a loop that must not (`door.py`).
"""

import io
import json
import time
from collections.abc import Iterable
from contextlib import ExitStack
from functools import lru_cache
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host

from kliento.domain.recipients.queries import forget_terminal, known_terminal, let_in
from kliento.interfaces.api.operations import bearer_of
from kliento.interfaces.api.scanning import Tap, answered_scans, most_scans
from kliento.interfaces.api.schemas import Scans
from kliento.interfaces.api.uploads import PATH, PATHS, FewUploads
from kliento.kernel.errors import KlientoError, NotFound, TryLater
from kliento.kernel.grouping import HandedIn
from kliento.web.asgi import Application, Environ, StartResponse
from kliento.web.bodies import length_of
from kliento.web.errors import answer_at_the_door, problem_of
from kliento.web.logs import known_method, new_request_id, write_line

log = structlog.get_logger("kliento.web")

_REASONS = {200: "OK", 400: "Bad Request", 409: "Conflict", 429: "Too Many Requests", 503: "Service Unavailable"}
# What Django says of a page that an answer of this path does not depend on.
_OF_A_PAGE = {"content-type", "content-length", "cache-control", "expires", "vary", "content-language", "x-request-id"}


_TRIED = "kliento.tried"  # of a request that goes on to Django without another try here


class Finished(NamedTuple):
    """An answer as a server wants it; its line is written."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes


class ScansFirst:
    """The application: plain requests for scans are answered at once, all others by Django."""

    def __init__(self, django: Application) -> None:
        self.django = django
        self._uploads = FewUploads()
        self._everywhere: list[tuple[str, str]] | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; at once with 503 or 429 where it is an upload too many."""
        started = time.perf_counter()
        with ExitStack() as place:
            try:
                place.enter_context(self._uploads.place(environ))
            except TryLater as refusal:
                return _given(self.refused(refusal, environ, started=started), start_response)
            if _TRIED in environ or not _is_plain(environ):
                return self.django(environ, start_response)
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            finished = self.end(_answered(body, environ), environ, started=started)
            if finished is None:
                return self.django({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
            return _given(finished, start_response)

    def begin(self, environ: Environ, body: bytes) -> HandedIn[Any, bytes | Exception] | None:
        """Hand in a tap, without waiting for anything; None for what is no tap, or of nobody who was let in before.

        Raises TooMany as `record_together` does.
        """
        if not _is_plain(environ) or (most := most_scans(body)) is None:
            return None
        terminal = known_terminal(bearer_of(environ["HTTP_AUTHORIZATION"]))
        return Tap(body).handed(by=terminal, most=most) if terminal else None

    def end(self, said: bytes | Exception, environ: Environ, *, started: float) -> Finished | None:
        """The answer to what was told. None: it was no list of scans, or of no terminal, or it failed; Django says so,
        or does it after all.
        """
        environ[_TRIED] = True
        if isinstance(said, NotFound):
            forget_terminal(bearer_of(environ["HTTP_AUTHORIZATION"]))
            return None
        if isinstance(said, KlientoError):
            return self._finished(problem_of(said), environ, started=started)
        if isinstance(said, ValueError | RecursionError):
            return None
        if isinstance(said, Exception):  # scans may be repeated; what fails again is answered and written down there
            log.warning("handed on", exc_info=said)
            return None
        return self._finished(_of_json(said), environ, started=started)

    def refused(self, refusal: KlientoError, environ: Environ, *, started: float) -> Finished:
        """The answer to what is let in nowhere."""
        return self._finished(answer_at_the_door(environ, refusal), environ, started=started)

    def _finished(self, answer: HttpResponse, environ: Environ, *, started: float) -> Finished:
        request_id, path = new_request_id(), environ["PATH_INFO"]
        write_line(
            method=known_method(environ["REQUEST_METHOD"]),
            route=path[1:] if path in PATHS else None,  # of others the path may name somebody
            status=answer.status_code,
            started=started,
            request=request_id,
        )
        headers = [*answer.items(), ("X-Request-Id", request_id), *self.said_everywhere()]
        return Finished(answer.status_code, headers, answer.content)

    def said_everywhere(self) -> list[tuple[str, str]]:
        """The headers that Django's middleware gives every answer, learned once from one that needs no database."""
        if self._everywhere is None:
            learned: list[tuple[str, str]] = []
            environ = {
                "REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SCRIPT_NAME": "", "QUERY_STRING": "",
                "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
                "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
                **({settings.SECURE_PROXY_SSL_HEADER[0]: settings.SECURE_PROXY_SSL_HEADER[1]}
                   if settings.SECURE_PROXY_SSL_HEADER else {}),
            }  # fmt: skip
            for part in self.django(environ, lambda _status, headers: learned.extend(headers)):
                del part
            self._everywhere = [(name, text) for name, text in learned if name.lower() not in _OF_A_PAGE]
        return self._everywhere


def _is_plain(environ: Environ) -> bool:
    """Whether nothing about the request but its body needs a second look."""
    return (
        environ["PATH_INFO"] == PATH
        and environ["REQUEST_METHOD"] == "POST"
        and not environ.get("QUERY_STRING")
        and environ.get("CONTENT_TYPE") == "application/json"
        and 0 < (length_of(environ) or 0) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        and "HTTP_TRANSFER_ENCODING" not in environ
        and "HTTP_AUTHORIZATION" in environ
        and _is_our_host(environ.get("HTTP_HOST", ""))
        and _came_safely(environ)
    )


def _came_safely(environ: Environ) -> bool:
    """As SecurityMiddleware and NeighboursOnly would have it; on a LAN, Django looks at who it is."""
    if settings.KLIENTO_LAN:
        return False
    if not settings.SECURE_SSL_REDIRECT:
        return True
    proxy = settings.SECURE_PROXY_SSL_HEADER
    return proxy is not None and environ.get(proxy[0]) == proxy[1]


@lru_cache(maxsize=64)
def _is_our_host(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _answered(body: bytes, environ: Environ) -> bytes | Exception:
    """Who asks is asked first: nobody but a terminal has anything read or unsealed."""
    secret = bearer_of(environ["HTTP_AUTHORIZATION"])
    try:
        let_in(secret)
        return answered_scans(Scans.model_validate(json.loads(body)), secret=secret)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is answered
        return error


def _given(finished: Finished, start_response: StartResponse) -> list[bytes]:
    start_response(f"{finished.status} {_REASONS[finished.status]}", finished.headers)
    return [finished.content]


def _of_json(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
