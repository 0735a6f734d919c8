"""Public pages. Nothing here knows a person; the register description is the declaration, read aloud, and who
receives data outside the EEA."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from kliento.domain.policy import queries as policy
from kliento.domain.recipients.queries import approved_abroad, transfers


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The front page: what Kliento is, and the two ways in."""
    return render(request, "public/start.html", {"development": not settings.PRODUCTION})


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Register description and privacy notice; with `?proof`, what stands behind each sentence (R-CTL-1, R-NOT-1)."""
    context = {
        "notice": policy.notice(policy.register(), _language(request)),
        "abroad": approved_abroad(),
        "with_proof": "proof" in request.GET,
    }
    return _in_its_language(request, "public/notice.html", context)


@require_safe
def notice_json(request: HttpRequest) -> JsonResponse:
    """The same for programs, in all languages at once."""
    said = policy.as_json(policy.register()) | {"transfers": transfers()}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use in force, with their version (R-TRM-1)."""
    language = _language(request)
    declared = policy.register().terms
    sections = [(section.heading.inn(language), section.body.inn(language)) for section in declared.sections]
    return _in_its_language(request, "public/terms.html", {"terms": declared, "sections": sections})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What people ask most, and where to write."""
    return render(request, "public/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and what nobody has tested yet."""
    return render(request, "public/accessibility.html")


def _language(request: HttpRequest) -> str:
    """`?language=` so that a link can name one; otherwise the language the reader has chosen."""
    asked = request.GET.get("language")
    return asked if asked in dict(settings.LANGUAGES) else (get_language() or settings.LANGUAGE_CODE)[:2]


def _in_its_language(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    language = _language(request)
    with override(language):
        response = render(request, template, {**context, "languages": settings.LANGUAGES, "language": language})
    response["Content-Language"] = language
    return response
