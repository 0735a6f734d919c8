"""/demo/mail: every mail the development mailbox has caught, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kliento.domain.dispatch.queries import mailbox


@never_cache
@require_safe
def caught(request: HttpRequest) -> HttpResponse:
    """The mailbox as one page."""
    return render(request, "demo/mail.html", {"mails": mailbox()})
