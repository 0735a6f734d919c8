"""Me: where everything about oneself is found."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kliento.domain.inbox.queries import unread_count
from kliento.web.guards import PersonRequest, person_required


@require_safe
@person_required
def me(request: PersonRequest) -> HttpResponse:
    """Links, and how many messages wait: nothing personal is opened to show them."""
    return render(request, "person/me.html", {"tab": "me", "unread": unread_count(request.person)})
