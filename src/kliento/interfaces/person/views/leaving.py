"""Taking everything along, and leaving."""

import json
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kliento.domain.cards.queries import claims_of
from kliento.domain.recipients.queries import workplaces_of
from kliento.domain.rights import actions as rights
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required, sign_in_again, signed_in_lately
from kliento.web.reading import language


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def download(request: PersonRequest) -> HttpResponse:
    """All data of the person as one JSON file (R-PRO-1). GET explains; POST makes it, and enters it in Activity.

    There is no link to it: it is the answer to whoever signed in a short while ago, and kept nowhere (threat 15).
    """
    require_only(request)
    if request.method != "POST":
        return render(request, "person/download.html", {"tab": "me"})
    at = now()
    if not signed_in_lately(request, at=at):
        messages.info(request, _("Sign in once more, then download."))
        return sign_in_again(request, back=request.path)
    content = json.dumps(rights.download(request.person, at=at), ensure_ascii=False, indent=2)
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="kliento-{at:%Y-%m-%d}.json"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def close(request: PersonRequest) -> HttpResponse:
    """Close the account. GET says what goes and what stays; POST with the box ticked does it."""
    require_only(request, "sure")
    if request.method == "POST" and request.POST.get("sure") == "yes":
        rights.close_account(request.person, language=language(), at=now())
        return redirect("person:closed")
    problem = _("Tick the box to close your account, or go back.") if request.method == "POST" else ""
    page = {
        "tab": "me",
        "problem": problem,
        "workplaces": workplaces_of(request.person.account_id),
        "cards_go_with_it": _cards_go_with_it(request.person.person_id, at=now()),
    }
    return render(request, "person/close.html", page, status=400 if problem else 200)


def _cards_go_with_it(person_id: UUID, *, at: datetime) -> datetime | None:
    """From when on every card they added is deleted with the account; None when it is so already."""
    return max((claim.undo_until for claim in claims_of(person_id) if claim.may_be_undone(at=at)), default=None)


@require_http_methods(["GET", "HEAD"])
def closed(request: PersonRequest) -> HttpResponse:
    """Said to somebody who has no account any more, so it needs none."""
    return render(request, "person/closed.html")
