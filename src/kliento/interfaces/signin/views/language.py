"""The language buttons at the foot of every page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from kliento.domain.accounts.actions import choose_language
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor, Visitor
from kliento.kernel.errors import Invalid
from kliento.web.forms import require_only


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Pages in that language in this browser, and for whoever is signed in at this door letters too; back to the page.

    The pages for everyone use the person's door: a visitor changes the browser's language alone. Raises Invalid for a
    language there is not, whoever asks.
    """
    require_only(request, "language", "next")
    if request.POST.get("language") not in dict(settings.LANGUAGES):
        raise Invalid(_("Choose one of the languages at the foot of the page."), code="unknown_language")
    actor = getattr(request, "actor", Visitor())
    if isinstance(actor, PersonActor | AccountActor | OperatorActor):
        choose_language(request.POST.get("language", ""), by=actor)
    return set_language(request)
