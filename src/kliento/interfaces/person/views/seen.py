"""Who has seen my data, by company or by detail."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kliento.interfaces.person.seen import seen_of
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from kliento.web.guards import PersonRequest, person_required

VIEWS = ("company", "detail")


@require_safe
@person_required
def seen(request: PersonRequest) -> HttpResponse:
    """One page in two views, `?by=company` (unsaid, too) or `?by=detail`. Raises Invalid for any other."""
    by = request.GET.get("by", VIEWS[0])
    if by not in VIEWS:
        raise Invalid(_("This page address is not complete. Start from the first page."), pointer="by")
    page = {"tab": "activity", "by": by, "seen": seen_of(request.person, at=now())}
    return render(request, "person/seen.html", page)
