"""The language buttons at the foot of every page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kliento.domain.accounts.actions import choose_language
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor, Visitor
from kliento.web.forms import require_only


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Pages in that language in this browser, and for whoever is signed in at this door letters too; back to the page.

    The pages for everyone use the person's door: a visitor changes the browser's language alone.
    """
    require_only(request, "language", "next")
    actor = getattr(request, "actor", Visitor())
    if isinstance(actor, PersonActor | AccountActor | OperatorActor):
        choose_language(request.POST.get("language", ""), by=actor)
    return set_language(request)
