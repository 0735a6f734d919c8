"""Activity: who has seen my data, by when it happened, the newest first; all of it or what is looked for."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import reswap

from kliento.domain.activity.queries import entered_since, has_entry
from kliento.interfaces.person.feed import by_day, entered_until, just_entered, lines_of
from kliento.interfaces.person.finding import Finding, found_in
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import cursor_in, page_of

_LINES = 40


@require_safe
@person_required
def activity(request: PersonRequest) -> HttpResponse:
    """A page of the feed, narrowed by what its address asks for. Asked with `?entered=`, it answers 204 while nothing
    came after, and what of it did not fit only tells the page until where it knows.

    What cannot be asked for is said beside what was typed, and nothing is looked for. A page that was open before an
    update asks in words of its own: it is told to load itself anew. Raises Invalid for a page that begins after nothing
    of this person's.
    """
    polled = bool(request.htmx)
    if polled and "entered" not in request.GET:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    entered = entered_until(request.person)
    if polled and request.GET["entered"] == str(entered):
        return HttpResponse(status=204)
    finding = found_in(request.GET, request.person)
    if finding.form.errors:
        return render(request, "person/activity.html", {"tab": "activity", "finding": finding}, status=400)
    newest = _newest(request, finding, entered=entered) if polled else 0
    if polled and not newest:
        known = render(request, "person/known.html", {"entered": entered})
        return reswap(known, "none")
    before = cursor_in(request)
    lines = lines_of(request.person, sought=finding.sought, before=before, limit=_LINES + 1)
    if before is not None and not lines and not has_entry(request.person.person_id, before):
        raise Invalid(_("This page address is not complete. Start from the first page."), pointer="before")
    page = page_of(lines, size=_LINES, key=lambda line: line.seq)
    context = {
        "tab": "activity",
        "days": by_day(page.rows, now=now()),
        "entered": entered,
        "next_before": page.next_before,
        "is_first": before is None,
        "announced": just_entered(page.rows, entered=newest) if polled else None,
        "finding": finding,
    }
    return render(request, "person/activity.html#feed" if polled else "person/activity.html", context)


def _newest(request: PersonRequest, finding: Finding, *, entered: int) -> int:
    """What came last of what is looked for since the open page was made; 0 when nothing did."""
    known = request.GET["entered"]
    if not finding.query or not (known.isascii() and known.isdigit() and len(known) < 19):
        return entered
    return entered_since(request.person.person_id, int(known), sought=finding.sought)
