"""/demo/mail: every mail the development mailbox has caught, newest first.

It shows every code there is, so it answers this machine alone.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kliento.domain.dispatch.queries import mailbox
from kliento.web.neighbours import is_this_machine


@never_cache
@require_safe
def caught(request: HttpRequest) -> HttpResponse:
    """The mailbox as one page; for anybody else there is none."""
    if not is_this_machine(request):
        raise Http404
    return render(request, "demo/mail.html", {"mails": mailbox()})
