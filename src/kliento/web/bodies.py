"""What a request body may be, judged by its headers before anything is read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kliento.web.errors import answer

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_JSON = {"application/json"}
_MOST_DIGITS = 18


class BodyRules:
    """Pages take forms, the API takes JSON; nothing takes more than DATA_UPLOAD_MAX_MEMORY_SIZE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 400, 411, 413 or 415 at once, or let the request in."""
        length = length_of(request.META)
        if length is None and "HTTP_TRANSFER_ENCODING" in request.META:
            return answer(request, 411, "length_required", _("Say how long the message is (Content-Length)."))
        if length is None:
            return answer(request, 400, "invalid_length", _("The length of the message could not be understood."))
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return answer(request, 413, "too_large", _("This is too large to be taken in. Send less at a time."))
        if length and request.content_type not in (_JSON if request.path_info.startswith("/api/") else _FORMS):
            return answer(request, 415, "wrong_content_type", _("This kind of content is not taken here."))
        return self.get_response(request)


def length_of(environ: Mapping[str, Any]) -> int | None:
    """How long the body of a request is; None when it is no number, or is not told of a body that comes in pieces."""
    default = "" if "HTTP_TRANSFER_ENCODING" in environ else "0"
    text = environ.get("CONTENT_LENGTH") or default
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
