"""The short way in for `POST /api/v1/scans`: a WSGI callable in front of Django's.

Django's handler, its middleware and ninja cost a tap three times what recording it does. So a plain request for scans
is answered here: the same schema, the same `answered_scans`, the same problems, the same log line. Whatever is not
plain (another length, content type, host, query, an unknown secret, a body that cannot be read) is handed on to Django
untouched and answered there, and so is what failed here. A test sends each kind of request both ways and compares
status, headers and body. Two things are refused here alone: an upload too many (`uploads.py`), and a body that would
be awaited by a thread too many (`arriving.py`).
"""

import io
import json
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host
from pydantic import ValidationError

from kliento.domain.recipients.queries import let_in
from kliento.interfaces.api.arriving import Arriving
from kliento.interfaces.api.operations import bearer_of
from kliento.interfaces.api.scanning import answered_scans
from kliento.interfaces.api.schemas import Scans
from kliento.interfaces.api.uploads import PATH, PATHS, FewUploads
from kliento.kernel.errors import KlientoError, NotFound, TryLater
from kliento.web.errors import problem_of
from kliento.web.logs import known_method, new_request_id, write_line

log = structlog.get_logger("kliento.web")

_REASONS = {200: "OK", 400: "Bad Request", 409: "Conflict", 429: "Too Many Requests", 503: "Service Unavailable"}
# What Django says of a page that an answer of this path does not depend on.
_OF_A_PAGE = {"content-type", "content-length", "cache-control", "expires", "vary", "content-language", "x-request-id"}

Environ = dict[str, Any]
StartResponse = Callable[..., object]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class ScansFirst:
    """The application: plain requests for scans are answered at once, all others by Django."""

    def __init__(self, django: Application) -> None:
        self.django = django
        self._uploads = FewUploads()
        self._arriving = Arriving()
        self._everywhere: list[tuple[str, str]] | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; at once with 503 or 429 where it is an upload, or a body on its way, too many."""
        started = time.perf_counter()
        with ExitStack() as place:
            try:
                place.enter_context(self._uploads.place(environ))
                environ = self._arriving.whole(environ)
            except TryLater as refusal:
                return self._said(problem_of(refusal), environ, start_response, started=started)
            if environ["PATH_INFO"] != PATH or not _is_plain(environ):
                return self.django(environ, start_response)
            return self._short(environ, start_response, started=started)

    def _short(self, environ: Environ, start_response: StartResponse, *, started: float) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        answer = _answer(body, secret=bearer_of(environ["HTTP_AUTHORIZATION"]))
        if answer is None:
            return self.django({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        return self._said(answer, environ, start_response, started=started)

    def _said(
        self, answer: HttpResponse, environ: Environ, start_response: StartResponse, *, started: float
    ) -> Iterable[bytes]:
        request_id, path = new_request_id(), environ["PATH_INFO"]
        write_line(
            method=known_method(environ["REQUEST_METHOD"]),
            route=path[1:] if path in PATHS else None,  # of others the path may name somebody
            status=answer.status_code,
            started=started,
            request=request_id,
        )
        headers = [*answer.items(), ("X-Request-Id", request_id), *self._said_everywhere()]
        start_response(f"{answer.status_code} {_REASONS[answer.status_code]}", headers)
        return [answer.content]

    def _said_everywhere(self) -> list[tuple[str, str]]:
        """The headers that Django's middleware gives every answer, learned from one that needs no database."""
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
    length = environ.get("CONTENT_LENGTH") or ""
    return (
        environ["REQUEST_METHOD"] == "POST"
        and not environ.get("QUERY_STRING")
        and environ.get("CONTENT_TYPE") == "application/json"
        and length.isascii()
        and length.isdigit()
        and 0 < int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
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


def _answer(body: bytes, *, secret: str) -> HttpResponse | None:
    """None: what came is no list of scans, or of no terminal, or it failed; Django says so, or does it after all.

    Who asks is asked first: nobody but a terminal has anything read or unsealed.
    """
    try:
        let_in(secret)
        scans = Scans.model_validate(json.loads(body))
        content = answered_scans(scans, secret=secret)
    except (ValueError, ValidationError, RecursionError, NotFound):
        return None
    except KlientoError as error:
        return problem_of(error)
    except Exception as error:  # scans may be repeated; what fails again is answered and written down there
        log.warning("handed on", exc_info=error)
        return None
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
