"""The till: waits for a code, answers one."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.visits.actions import NewScan, ScanResult, cancel_visit, record_together
from kliento.domain.visits.rules import CANCELLED_WITHIN, Outcome
from kliento.interfaces.counter.forms import ScanForm, UndoScanForm, understood
from kliento.interfaces.counter.paired import TillRequest, may_use_camera, terminal_required
from kliento.interfaces.counter.preferences import direction_of
from kliento.interfaces.counter.results import result_of, scan_stands, scan_undone, unknown
from kliento.interfaces.counter.screen import LAST_SCAN, screen
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import KlientoError
from kliento.kernel.ids import new_id
from kliento.web.forms import require_only


@require_http_methods(["GET", "POST"])
@terminal_required
@may_use_camera
def till(request: TillRequest) -> HttpResponse:
    """Wait for a code; answer one."""
    require_only(request, *ScanForm.base_fields)
    if request.method != "POST":
        return screen(request)
    form = ScanForm(request.POST)
    if not form.is_valid():
        return screen(request, form=form)
    read = form.cleaned_data
    direction = direction_of(request.session) if read["direction"] is None else read["direction"]
    shown = NewScan(read["scan_id"], read["code"], read["occurred_at"], direction)
    scan = _scanned(shown, by=request.terminal)
    if scan.visit_id is not None and scan.outcome.is_visit:
        _remember(request, scan, at=now())
    if scan.outcome is Outcome.UNKNOWN:
        return screen(request, result=unknown(read["code"]))
    return screen(request, result=result_of(scan, at=request.terminal))


@require_POST
@terminal_required
@may_use_camera
def undo_scan(request: TillRequest) -> HttpResponse:
    """Take back the last scan of this till, within ten minutes."""
    require_only(request, *UndoScanForm.base_fields)
    sent = understood(UndoScanForm(request.POST))
    request.session.pop(LAST_SCAN, None)
    try:
        cancel_visit(sent["scan_id"], by=request.terminal, at=now())
    except KlientoError as error:
        return screen(request, result=scan_stands(error))
    return screen(request, result=scan_undone())


def _scanned(shown: NewScan, *, by: TerminalActor) -> ScanResult:
    [answer] = record_together([shown], by=by, at=now())
    if answer.outcome is Outcome.INVALID:
        # Somebody went back to an old form and scanned another card there: that is another scan.
        [answer] = record_together([replace(shown, id=new_id())], by=by, at=now())
    return answer


def _remember(request: TillRequest, scan: ScanResult, *, at: datetime) -> None:
    """The waiting screen offers to undo it for as long as that is possible. A card shown twice began one visit."""
    last = request.session.get(LAST_SCAN, {})
    if last.get("visit") != str(scan.visit_id):
        request.session[LAST_SCAN] = {
            "id": str(scan.id),
            "visit": str(scan.visit_id),
            "at": date_format(localtime(at), "TIME_FORMAT"),
            "until": (at + CANCELLED_WITHIN).isoformat(),
        }
