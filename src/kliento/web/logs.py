"""One log line for each request: route, method, status, time. Never the address, the path's ids or the query."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("kliento.web")
_UNLOGGED = {"alive", "ready"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLog:
    """Outermost middleware. The request's random id goes into every line written meanwhile and into the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write the line."""
        request_id = new_request_id()
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request_id):
            response = self.get_response(request)
            if _is_worth_a_line(request, response):
                write_line(
                    method=known_method(request.method),
                    route=request.resolver_match.route if request.resolver_match else None,
                    status=response.status_code,
                    started=started,
                )
        response["X-Request-Id"] = request_id
        return response


def new_request_id() -> str:
    """By which the lines of one request are found; sent along as X-Request-Id."""
    return secrets.token_hex(16)


def known_method(said: str | None) -> str:
    """The method as it may be written down: an invented one is not repeated."""
    return said if said in _METHODS else "other"


def write_line(*, method: str | None, route: str | None, status: int, started: float, **more: str) -> None:
    """The line of one request; `started` by `time.perf_counter`."""
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    log.info("answered", method=method, route=route, status=status, milliseconds=milliseconds, **more)


def _is_worth_a_line(request: HttpRequest, response: HttpResponse) -> bool:
    """All but probes and static files; what was refused before a view was found has no route."""
    match = request.resolver_match
    return response.status_code >= 400 if match is None else match.view_name not in _UNLOGGED
