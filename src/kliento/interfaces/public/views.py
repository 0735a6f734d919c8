"""Public pages. Nothing here knows a person; the register description is the declaration, read aloud, and who
receives data outside the EEA."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from kliento.domain.consents import queries as consents
from kliento.domain.policy import queries as policy
from kliento.domain.recipients.queries import approved_abroad, transfers
from kliento.web.reading import said
from kliento.web.record import record_as_pdf


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
def versions(request: HttpRequest) -> HttpResponse:
    """Every notice that was ever in force, the one in force first, and what each changed materially."""
    with override(_language(request)):
        page = {"rows": [_version_row(each) for each in policy.all_published()]}
    return _in_its_language(request, "public/versions.html", page)


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """A notice as it read when it was published, also when another has been in force for long."""
    published = policy.published(version)
    last = policy.last_published()
    page = {
        "notice": published.text(_language(request)),
        "published": published,
        "in_force": last is not None and last.version == version,
    }
    return _in_its_language(request, "public/version.html", page)


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The record of processing activities (R-ROP-1)."""
    said = policy.record(policy.register(), _language(request))
    return _in_its_language(request, "public/record.html", {"record": said})


@require_safe
def record_json(request: HttpRequest) -> JsonResponse:
    """The same for programs, in all languages at once."""
    return JsonResponse(policy.record_json(policy.register()), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def record_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper, for whoever asks for it in writing."""
    language = _language(request)
    return HttpResponse(
        record_as_pdf(policy.record(policy.register(), language)),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="record-of-processing-{language}.pdf"',
            "Content-Language": language,
        },
    )


@require_safe
def receipt_key(request: HttpRequest) -> JsonResponse:
    """The key that consent receipts are checked with, as a Multikey (R-CON-8)."""
    return JsonResponse(consents.key_document())


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


def _version_row(published: policy.Published) -> dict[str, object]:
    """A published notice, and in words what it changed materially since the one before."""
    changes = {} if published.number == 1 else published.changes
    register = policy.published(published.version).register
    return {
        "published": published,
        "changes": [
            (said(register.purposes[code].label), [policy.material_in_words(reason) for reason in reasons])
            for code, reasons in changes.items()
        ],
    }


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
