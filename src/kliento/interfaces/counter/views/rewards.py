"""A reward handed over, or taken back because somebody pressed the wrong button."""

from datetime import datetime

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kliento.domain.programmes.rules import UNDO_WITHIN
from kliento.domain.recipients.queries import place_of
from kliento.domain.visits.actions import redeem_at_till, undo_redemption
from kliento.interfaces.counter.forms import RedeemForm, UndoForm, understood
from kliento.interfaces.counter.paired import TillRequest, may_use_camera, terminal_required
from kliento.interfaces.counter.results import redeemed, refused, undone
from kliento.interfaces.counter.screen import LAST_REDEMPTION, screen
from kliento.kernel.clock import now
from kliento.kernel.errors import KlientoError
from kliento.web.forms import require_only


@require_POST
@terminal_required
@may_use_camera
def redeem(request: TillRequest) -> HttpResponse:
    """Spend the stamps of one reward in this visit; the same redemption sent twice is one."""
    require_only(request, *RedeemForm.base_fields)
    sent, at = understood(RedeemForm(request.POST)), now()
    redemption_id = sent["redemption_id"]
    try:
        stamps = redeem_at_till(sent["visit_id"], redemption_id, by=request.terminal, at=at)
    except KlientoError as error:
        return screen(request, result=refused(error, at=request.terminal, visit_id=sent["visit_id"]))
    _remember(request, redemption_id=str(redemption_id), reward=stamps.reward, until=at + UNDO_WITHIN)
    return screen(request, result=redeemed(stamps, redemption_id, language=place_of(request.terminal).language))


@require_POST
@terminal_required
@may_use_camera
def undo(request: TillRequest) -> HttpResponse:
    """Give the stamps of a redemption back, within ten minutes."""
    require_only(request, *UndoForm.base_fields)
    sent = understood(UndoForm(request.POST))
    request.session.pop(LAST_REDEMPTION, None)
    try:
        stamps = undo_redemption(sent["redemption_id"], by=request.terminal, at=now())
    except KlientoError as error:
        return screen(request, result=refused(error, at=request.terminal))
    return screen(request, result=undone(stamps, language=place_of(request.terminal).language))


def _remember(request: TillRequest, *, redemption_id: str, reward: str, until: datetime) -> None:
    """The waiting screen offers to undo it for as long as that is possible."""
    request.session[LAST_REDEMPTION] = {"id": redemption_id, "reward": reward, "until": until.isoformat()}
