"""Cards without an account: a claim code for their holder, and a card of another kind that its holder wants to use."""

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kliento.domain.cards.actions import use_as_card
from kliento.domain.cards.rules import number_for_reading
from kliento.domain.claiming.actions import give_claim_code
from kliento.domain.visits.actions import NewScan, record_together
from kliento.interfaces.counter.forms import ClaimForm, UseForm, understood
from kliento.interfaces.counter.paired import TillRequest, may_use_camera, terminal_required
from kliento.interfaces.counter.results import ClaimCodeShown, Result, not_usable, refused, result_of
from kliento.interfaces.counter.screen import screen
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid, KlientoError
from kliento.kernel.ids import new_id
from kliento.web.forms import require_only
from kliento.web.limits import Limit, spend

USED = Limit("counter.used_as_card", times=20, window_seconds=60 * 60)


@require_POST
@terminal_required
@may_use_camera
def claim_code(request: TillRequest) -> HttpResponse:
    """Show the code to whoever holds the card, as text and as a picture their phone reads."""
    require_only(request, *ClaimForm.base_fields)
    sent = understood(ClaimForm(request.POST))
    try:
        given = give_claim_code(sent["visit_id"], by=request.terminal, at=now())
    except KlientoError as error:
        return screen(request, result=refused(error, at=request.terminal))
    address = f"{settings.KLIENTO_URL}{reverse('person:claim')}"
    picture = segno.make(f"{address}#{given.code}", error="m").svg_data_uri(border=4, light="#fff")
    kept = settings.KLIENTO_URL.removeprefix("https://").removeprefix("http://") + reverse("public:card")
    shown = ClaimCodeShown(number_for_reading(given.code), given.expires_at, address, kept, picture)
    return screen(request, result=Result("show", "", _("Claim code"), claim_code=shown))


@require_POST
@terminal_required
@may_use_camera
def use_card(request: TillRequest) -> HttpResponse:
    """Let a travel card be a card, on its holder's request, and count this visit."""
    require_only(request, *UseForm.base_fields)
    spend(USED, request.terminal.terminal_id)
    code, at = understood(UseForm(request.POST))["code"], now()
    try:
        use_as_card(code, at=at)
    except Invalid as error:
        return screen(request, result=not_usable(error))
    [answer] = record_together([NewScan(new_id(), code)], by=request.terminal, at=at)
    return screen(request, result=result_of(answer, at=request.terminal))
