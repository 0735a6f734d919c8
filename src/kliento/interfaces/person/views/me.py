"""Me: where everything about oneself is found."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kliento.web.guards import PersonRequest, person_required


@require_safe
@person_required
def me(request: PersonRequest) -> HttpResponse:
    """Links only: nothing personal is read to show them."""
    return render(request, "person/me.html", {"tab": "me"})
