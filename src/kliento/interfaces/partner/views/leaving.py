"""Closing an account that is for work alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kliento.domain.people.queries import person_behind
from kliento.domain.recipients.queries import workplaces_of
from kliento.domain.rights.actions import close_bare_account
from kliento.kernel.actor import AccountActor
from kliento.kernel.clock import now
from kliento.web.forms import require_only
from kliento.web.guards import AccountRequest, account_required


@require_http_methods(["GET", "POST"])
@account_required
def close(request: AccountRequest) -> HttpResponse:
    """GET says what goes and what stays; POST with the box ticked does it. A card's holder closes theirs at /me/."""
    require_only(request, "sure")
    account_id = request.account.account_id
    has_person = person_behind(account_id) is not None
    problem = ""
    if request.method == "POST" and not has_person:
        if request.POST.get("sure") == "yes":
            language = (get_language() or "en")[:2]
            close_bare_account(AccountActor(account_id), language=language, at=now())
            request.session.flush()
            messages.success(request, _("Your account is closed."))
            return redirect("partner_signin:sign_in")
        problem = _("Tick the box to close your account, or go back.")
    page = {"tab": "me", "has_person": has_person, "workplaces": workplaces_of(account_id), "problem": problem}
    return render(request, "partner/close.html", page, status=400 if problem else 200)
