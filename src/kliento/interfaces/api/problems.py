"""Every error of the API as problem details, those of the framework included."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kliento.kernel.errors import KlientoError
from kliento.web.errors import answer_to, problem

_PARTS = ("body", "query", "path", "header")


def answer_with_problems(api: NinjaAPI) -> None:
    """Register an answer for everything an operation can raise; what nobody foresaw goes on to `web/errors.py`."""
    api.add_exception_handler(KlientoError, _known)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unauthorized)
    api.add_exception_handler(HttpError, _unreadable)


def with_headers(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, never cached, its "method not allowed" as a problem too."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = problem(405, "method_not_allowed")
            response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        return response

    return answered


def _known(request: HttpRequest, error: Exception) -> HttpResponse:
    known = answer_to(request, error)
    if known is None:
        raise error
    return known


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Pointers into what was sent; never the value itself, which may be personal."""
    mistakes = [{"pointer": _pointer(mistake["loc"]), "detail": mistake["msg"]} for mistake in error.errors]
    return problem(400, "invalid", mistakes=mistakes)


def _pointer(location: tuple[str | int, ...]) -> str:
    """Ninja's location is the part of the request, the parameter's name in our code (for bodies), then the path."""
    part, *path = location
    if part == "body" and path:
        path = path[1:]
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path) or "/"


def _unauthorized(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(401, "unauthorized", "Send the terminal's secret as a bearer token.")
    response["WWW-Authenticate"] = 'Bearer realm="Kliento"'
    return response


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "malformed", "The body is not JSON.")
