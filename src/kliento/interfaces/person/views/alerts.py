"""Letters about alerts: one switch beneath the messages, off unless the person puts it on."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kliento.domain.alerts.actions import switch_letters_off, switch_letters_on
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required


@require_POST
@person_required
def letters(request: PersonRequest) -> HttpResponse:
    """A letter as well, from now on."""
    require_only(request)
    switch_letters_on(request.person, at=now())
    return redirect("person:messages")


@require_POST
@person_required
def letters_ending(request: PersonRequest) -> HttpResponse:
    """Messages in the service alone."""
    require_only(request)
    switch_letters_off(request.person)
    return redirect("person:messages")
