"""Activity: who has seen my data, newest first, and one entry in full."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kliento.interfaces.person.feed import by_day, event_of, lines_of, newest_of
from kliento.kernel.clock import now
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import cursor_in, page_of

_LINES = 40


@require_safe
@person_required
def activity(request: PersonRequest) -> HttpResponse:
    """A page of the feed. Asked by the open page with `?newest=`, it answers 204 while that still is the newest."""
    polled = request.htmx and "newest" in request.GET
    if polled and request.GET["newest"] == str(newest_of(request.person)):
        return HttpResponse(status=204)
    before = cursor_in(request)
    lines = lines_of(request.person, before=before, limit=_LINES + 1)
    page = page_of(lines, size=_LINES, key=lambda line: line.seq)
    context = {
        "tab": "activity",
        "days": by_day(page.rows, now=now()),
        "newest": page.rows[0] if page.rows else None,
        "next_before": page.next_before,
        "is_first": before is None,
        "announced": polled,
    }
    return render(request, "person/activity.html#feed" if polled else "person/activity.html", context)


@require_safe
@person_required
def entry(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """One entry: who, where, what, why, on what basis, until when."""
    return render(request, "person/entry.html", {"tab": "activity", "event": event_of(request.person, entry_id)})
