"""Activity: who has seen my data, newest first, all of it or what one company did."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kliento.domain.recipients.queries import third_party_of
from kliento.interfaces.person.feed import by_day, lines_of, newest_of
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import cursor_in, page_of

_LINES = 40


@require_safe
@person_required
def activity(request: PersonRequest) -> HttpResponse:
    """A page of the feed, `?with=` one company only. Asked with `?newest=`, it answers 204 while that still is."""
    company_id = _company_in(request)
    polled = request.htmx and "newest" in request.GET
    if polled and request.GET["newest"] == str(newest_of(request.person, recipient_id=company_id)):
        return HttpResponse(status=204)
    before = cursor_in(request)
    lines = lines_of(request.person, recipient_id=company_id, before=before, limit=_LINES + 1)
    page = page_of(lines, size=_LINES, key=lambda line: line.seq)
    context = {
        "tab": "activity",
        "days": by_day(page.rows, now=now()),
        "newest": page.rows[0] if page.rows else None,
        "next_before": page.next_before,
        "is_first": before is None,
        "announced": polled,
        "company_id": company_id,
        "company": third_party_of(company_id) if company_id and not polled else None,
    }
    return render(request, "person/activity.html#feed" if polled else "person/activity.html", context)


def _company_in(request: PersonRequest) -> UUID | None:
    """The company in `?with=`; None when the feed is of all. Raises Invalid for anything but an id."""
    text = request.GET.get("with")
    if text is None:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("This page address is not complete. Start from the first page."), pointer="with") from None
