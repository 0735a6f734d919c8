"""Activity: who has seen my data, by when it happened, the newest first; all of it or what one company did."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kliento.domain.activity.queries import has_entry
from kliento.domain.recipients.queries import third_party_of
from kliento.interfaces.person.feed import by_day, entered_until, just_entered, lines_of
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import cursor_in, page_of

_LINES = 40


@require_safe
@person_required
def activity(request: PersonRequest) -> HttpResponse:
    """A page of the feed, `?with=` one company only. Asked with `?entered=`, it answers 204 while nothing came after.

    A page that was open before an update asks in words of its own: it is told to load itself anew. Raises Invalid for
    a page that begins after nothing of this person's.
    """
    company_id = _company_in(request)
    polled = bool(request.htmx)
    if polled and "entered" not in request.GET:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    entered = entered_until(request.person, recipient_id=company_id)
    if polled and request.GET["entered"] == str(entered):
        return HttpResponse(status=204)
    before = cursor_in(request)
    lines = lines_of(request.person, recipient_id=company_id, before=before, limit=_LINES + 1)
    if before is not None and not lines and not has_entry(request.person.person_id, before):
        raise _incomplete(pointer="before")
    page = page_of(lines, size=_LINES, key=lambda line: line.seq)
    context = {
        "tab": "activity",
        "days": by_day(page.rows, now=now()),
        "entered": entered,
        "next_before": page.next_before,
        "is_first": before is None,
        "announced": just_entered(page.rows, entered=entered) if polled else None,
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
        raise _incomplete(pointer="with") from None


def _incomplete(*, pointer: str) -> Invalid:
    return Invalid(_("This page address is not complete. Start from the first page."), pointer=pointer)
