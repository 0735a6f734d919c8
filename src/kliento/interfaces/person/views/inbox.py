"""Messages in the service: what Kliento has told the person, newest first."""

from uuid import UUID

from django.contrib import messages as said
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.alerts.queries import are_told, wants_letters
from kliento.domain.inbox.actions import delete_message, mark_read
from kliento.domain.inbox.queries import message_of, messages_of
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.paging import row_in

_ROWS = 20


@require_safe
@person_required
def inbox(request: PersonRequest) -> HttpResponse:
    """A page of them; `?before=` a message goes on behind it."""
    before = row_in(request)
    rows = messages_of(request.person, before=before, limit=_ROWS + 1)
    page = {
        "tab": "me",
        "messages_shown": rows[:_ROWS],
        "next_before": rows[_ROWS - 1].id if len(rows) > _ROWS else None,
        "is_first": before is None,
        "offers_letters": before is None and are_told(),
        "wants_letters": wants_letters(request.person.person_id),
    }
    return render(request, "person/messages.html", page)


@require_safe
@person_required
def message(request: PersonRequest, message_id: UUID) -> HttpResponse:
    """One message, which counts as read from now on. A HEAD request reads nothing."""
    opened = message_of(request.person, message_id)
    if request.method == "GET":
        mark_read(message_id, by=request.person, at=now())
    return render(request, "person/message.html", {"tab": "me", "message": opened})


@require_POST
@person_required
def message_removal(request: PersonRequest, message_id: UUID) -> HttpResponse:
    """Delete it for good."""
    require_only(request)
    delete_message(message_id, by=request.person)
    said.success(request, _("The message is deleted."))
    return redirect("person:messages")
