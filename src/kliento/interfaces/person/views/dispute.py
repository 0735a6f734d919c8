"""This wasn't me: a visit that was somebody else's."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kliento.domain.visits.actions import dispute_visit
from kliento.domain.visits.queries import can_be_disputed
from kliento.interfaces.person.feed import event_of
from kliento.interfaces.person.telling import VISIT
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def not_me(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """Say that a visit was somebody else's. GET tells what happens then; POST does it."""
    require_only(request)
    event = event_of(request.person, entry_id)
    if event.kind != VISIT:
        raise NotFound(code="not_a_visit")
    if request.method == "POST":
        dispute_visit(entry_id, by=request.person, at=now())
        return redirect("person:disputed", entry_id=entry_id)
    return render(request, "person/not_me.html", {"tab": "activity", "event": event})


@require_safe
@person_required
def disputed(request: PersonRequest, entry_id: UUID) -> HttpResponse:
    """What was done after "This wasn't me", and how to use the card again."""
    event = event_of(request.person, entry_id)
    if event.kind != VISIT:
        raise NotFound(code="not_a_visit")
    if can_be_disputed(request.person.person_id, entry_id, at=now()):
        return redirect("person:not_me", entry_id=entry_id)  # not said yet
    return render(request, "person/disputed.html", {"tab": "activity", "event": event})
