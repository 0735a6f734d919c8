"""The one place where an error becomes an HTTP answer: a page for people, RFC 9457 problem details for programs.

Every answer carries a stable `code`; none carries what was sent. Views raise `kernel.errors` and do not catch them
to choose a status.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor
from kliento.kernel.errors import Busy, Conflict, Invalid, KlientoError, NotAllowed, NotFound, TooMany, TryLater

log = structlog.get_logger("kliento.web")

_STATUS: dict[type[KlientoError], int] = {
    Busy: 503,
    TooMany: 429,
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Invalid: 400,
}
_TITLES = {
    400: _("This could not be understood"),
    401: _("This is not allowed"),
    403: _("This is not allowed"),
    404: _("There is no such page"),
    405: _("This cannot be done here"),
    409: _("Something has changed meanwhile"),
    411: _("The length is missing"),
    413: _("This is too large"),
    415: _("This kind of content is not taken"),
    429: _("Too many tries"),
    500: _("Something is broken on our side"),
    503: _("Not available right now"),
}
_TITLES_BY_CODE = {
    "form_expired": _("This form has expired"),
    "file_under_way": _("One file at a time"),
}
_ADVICE = {
    400: _("Go back, check what you entered and send it again."),
    403: _("You are signed in, but this belongs to somebody else or needs another role."),
    404: _("Check the address, or start from the front page."),
    405: _("This address opens with a button on a page only. Nothing was done. Go back and use the button there."),
    409: _("Open the page again to see how things stand now."),
    413: _("Send less at a time."),
    415: _("Go back and use the form on the page."),
    429: _("Wait a moment and try again."),
    500: _("Nothing was saved. It has been recorded and will be looked into. Try again in a while."),
    503: _("Try again in a while."),
}
_ADVICE_AT_THE_DOOR = {
    429: _("You have sent this already, and it is not done yet. Wait a moment, then look whether it arrived."),
    503: _("Too many people are here at this moment. Nothing was saved. Go back and send it again in a few seconds."),
}
_READ_ONLY = _("This page is there to be read: it takes nothing that is sent to it. Nothing was done.")


class ErrorAnswers:
    """Innermost middleware: what a view raises becomes its answer, and so does a method that it does not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Where nothing is raised, only "not by this method" is said here; `Allow` tells which ones there are."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        opens = "GET" in response["Allow"]  # then something was sent to a page that is there to be read
        said = answer(request, 405, "method_not_allowed", _READ_ONLY if opens else "")
        said["Allow"] = response["Allow"]
        return said

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Answer every error here; what nobody foresaw is logged without its message and becomes a 500."""
        known = answer_to(request, error)
        if known is not None:
            return known
        log.error("failed", exc_info=error)
        return answer(request, 500, "failure")


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The answer to an error this product foresees; None for any other."""
    if isinstance(error, KlientoError):
        response = answer(request, status_of(error), error.code, error.message, mistakes=mistakes_in(error))
        return _with_retry(response, error)
    if isinstance(error, Http404):
        return answer(request, 404, "not_found")
    if isinstance(error, PermissionDenied):
        return answer(request, 403, "not_allowed")
    if isinstance(error, RequestDataTooBig):
        return answer(request, 413, "too_large")
    if isinstance(error, SuspiciousOperation | BadRequest):
        return answer(request, 400, "invalid")
    return None


def problem_of(error: KlientoError) -> HttpResponse:
    """One of our errors as problem details, wherever it was raised."""
    response = problem(status_of(error), error.code, error.message, mistakes=mistakes_in(error))
    return _with_retry(response, error)


def answer_at_the_door(environ: dict[str, Any], error: KlientoError) -> HttpResponse:
    """The answer to a request that is refused before anything is asked of a database: nobody looks up who asks.

    Problem details under /api/, elsewhere a page in the language the browser asks for.
    """
    if environ["PATH_INFO"].startswith("/api/"):
        return problem_of(error)
    status, language = status_of(error), get_language_from_request(WSGIRequest(environ))
    with override(language):
        said = {"title": _TITLES[status], "message": error.message or _ADVICE_AT_THE_DOOR.get(status, _ADVICE[status])}
        response = HttpResponse(render_to_string("web/door_error.html", said), status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return _with_retry(response, error)


def _with_retry(response: HttpResponse, error: KlientoError) -> HttpResponse:
    if isinstance(error, TryLater):
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def status_of(error: KlientoError) -> int:
    """The HTTP status of one of our errors; 500 for one that no caller should ever meet."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def mistakes_in(error: KlientoError) -> list[dict[str, str]]:
    """Each field at fault as RFC 9457 suggests: a JSON pointer and what to do about it."""
    if isinstance(error, Invalid) and error.fields:
        return [{"pointer": as_pointer(name), "detail": str(text)} for name, text in error.fields.items()]
    return [{"pointer": as_pointer(error.pointer), "detail": str(error.message)}] if error.pointer else []


def as_pointer(name: str) -> str:
    """A field's name as a JSON pointer; a pointer stays as it is."""
    return name if name.startswith("/") else f"/{name}"


def pointer_to(path: Iterable[object]) -> str:
    """The JSON pointer (RFC 6901) to what stands at the end of this path; the empty one for the whole."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: object = "",
    *,
    mistakes: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """Problem details under /api/, a page everywhere else."""
    if request.path_info.startswith("/api/"):
        return problem(status, code, message, mistakes=mistakes)
    said = str(message)
    context = {
        **_around(request, status),
        "status": status,
        "title": _TITLES_BY_CODE.get(code) or _TITLES.get(status, _TITLES[500]),
        "message": message or _ADVICE.get(status, _ADVICE[500]),
        "mistakes": [mistake for mistake in mistakes if mistake["detail"] != said],
    }
    response = HttpResponse(_page(request, context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def problem(
    status: int, code: str, message: object = "", *, mistakes: Sequence[Mapping[str, str]] = ()
) -> JsonResponse:
    """RFC 9457 `application/problem+json`, in English: programs read `code`, developers read the rest."""
    with override("en"):
        body: dict[str, object] = {
            "type": f"urn:kliento:problem:{code}",
            "title": str(_TITLES.get(status, _TITLES[500])),
            "status": status,
            "code": code,
        }
        if message:
            body["detail"] = str(message)
        if mistakes:
            body["errors"] = list(mistakes)
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def _around(request: HttpRequest, status: int) -> dict[str, str]:
    """The frame of the pages this belongs to and the way back, for whoever is signed in there; a till stays a till."""
    actor = getattr(request, "actor", None)
    if request.path_info.startswith(("/partner/", "/sign-in/partner/")):
        if isinstance(actor, OperatorActor):
            # Not where the role is what is missing: it would be missing there too.
            to_members = status in {404, 409} and request.path_info.startswith("/partner/members")
            return {"frame": "web/partner.html", "home": "partner:members" if to_members else "partner:start"}
        if isinstance(actor, AccountActor):
            return {"frame": "web/partner.html", "home": "partner:workplaces"}
    if request.path_info.startswith(("/me/", "/sign-in/me/")) and isinstance(actor, PersonActor):
        return {"frame": "web/person.html", "home": "person:card"}
    if request.path_info.startswith("/counter/"):
        return {"frame": "web/counter.html", "home": "counter:till"}
    return {"frame": "web/base.html", "home": "public:start"}


def _page(request: HttpRequest, context: Mapping[str, object]) -> str:
    try:
        return render_to_string("web/error.html", dict(context), request)
    except Exception:  # an error page must not fail because the page's frame does (no database, half a request)
        log.exception("error page failed")
        return render_to_string("web/bare_error.html", dict(context))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, for what happens outside views."""
    return answer_to(request, exception) or answer(request, 400, "invalid")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, 403, "not_allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: addresses that lead nowhere."""
    return answer(request, 404, "not_found")


def failure(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a middleware failed."""
    log.error("failed", exc_info=sys.exc_info())
    return answer(request, 500, "failure")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page that stood open for very long, or a browser that keeps no cookies."""
    return answer(request, 403, "form_expired", _("Go back, load the page again and send it once more."))
