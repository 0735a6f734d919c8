"""Feedback: what the person wants the register holder to know about the service."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.improvement.actions import send_feedback, take_back_feedback
from kliento.domain.improvement.queries import my_feedback, reads_feedback_of
from kliento.domain.improvement.rules import FEEDBACK
from kliento.domain.policy.queries import register
from kliento.interfaces.person.forms.details import ValueForm
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, NotFound
from kliento.web.forms import require_only
from kliento.web.guards import PersonRequest, person_required
from kliento.web.reading import language


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def feedback(request: PersonRequest) -> HttpResponse:
    """One text, changed at any time; whether it is read at all is said above it."""
    require_only(request, "value")
    kept = my_feedback(request.person)
    form = ValueForm(register().field(FEEDBACK), language(), request.POST or None, text=kept.text if kept else "")
    if form.is_bound and form.is_valid():
        try:
            send_feedback(request.person.person_id, form.text(), by=request.person, at=now())
        except Invalid as refused:
            form.add_error("value", str(refused.message))
        else:
            messages.success(request, _("Thank you. Your feedback is saved."))
            return redirect("person:feedback")
    is_read = reads_feedback_of(request.person) and not (kept and kept.hidden)
    page = {"tab": "me", "form": form, "kept": kept, "is_read": is_read}
    return render(request, "person/feedback.html", page, status=400 if form.errors else 200)


@require_POST
@person_required
def feedback_removal(request: PersonRequest) -> HttpResponse:
    """Delete it with its earlier versions."""
    require_only(request)
    with suppress(NotFound):  # gone already, in another tab
        take_back_feedback(request.person.person_id, by=request.person, at=now())
    messages.success(request, _("Your feedback is deleted."))
    return redirect("person:feedback")
