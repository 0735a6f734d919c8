"""Every error of the API as problem details, those of the framework included."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kliento.kernel.errors import KlientoError
from kliento.web.errors import answer_to, pointer_to, problem


def answer_with_problems(api: NinjaAPI) -> None:
    """Register an answer for everything an operation can raise; what nobody foresaw goes on to `web/errors.py`."""
    handlers: dict[type[Exception], Any] = {
        KlientoError: _known,
        ValidationError: _invalid,
        AuthenticationError: _unauthorized,
        HttpError: _unreadable,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def as_described(view: Callable[..., Any], described: Mapping[str, Any]) -> Callable[..., Any]:
    """The view, taking no query keys but those OpenAPI describes; never cached, wrong methods answered as a problem.

    Ninja itself ignores unknown query keys, whatever the schema says.
    """
    known = {
        method.upper(): {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        for method, operation in described.items()
    }

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        unknown = set(request.GET) - known.get(str(request.method), set(request.GET))
        if unknown:
            mistakes = [{"pointer": _pointer(("query", key)), "detail": "Unknown key."} for key in sorted(unknown)]
            return problem(400, "invalid", mistakes=mistakes)
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
    return pointer_to(path) or "/"


def _unauthorized(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(401, "unauthorized", "Send the terminal's secret as a bearer token.")
    response["WWW-Authenticate"] = 'Bearer realm="Kliento"'
    return response


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "malformed", "The body is not JSON.")
