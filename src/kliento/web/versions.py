"""Answers that a program asks for again and again: whoever has the newest is told so and sent nothing."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse


def known_version(request: HttpRequest) -> str:
    """The version the other side says it has; empty when it has none, or says anything else."""
    return request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')


def versioned_answer(version: str, document: Mapping[str, object] | None) -> HttpResponse:
    """The document under its version; without one, 304.

    The tag is weak: when it was made stands in a document, too, and that differs while what it says is the same.
    """
    answer: HttpResponse = HttpResponseNotModified() if document is None else JsonResponse(dict(document))
    answer["ETag"] = f'W/"{version}"'
    return answer
