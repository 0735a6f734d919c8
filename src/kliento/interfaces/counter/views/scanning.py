"""The till: waits for a code, answers one."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from kliento.domain.visits.actions import NewScan, ScanResult, record_together
from kliento.domain.visits.rules import Outcome
from kliento.interfaces.counter.forms import ScanForm
from kliento.interfaces.counter.paired import TillRequest, may_use_camera, terminal_required
from kliento.interfaces.counter.results import result_of, unknown
from kliento.interfaces.counter.screen import screen
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
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
    scan = _scanned(read["scan_id"], read["code"], read["occurred_at"], by=request.terminal)
    return screen(request, result=unknown(read["code"]) if scan.outcome is Outcome.UNKNOWN else result_of(scan))


def _scanned(scan_id: UUID, code: str, occurred_at: datetime | None, *, by: TerminalActor) -> ScanResult:
    [answer] = record_together([NewScan(scan_id, code, occurred_at)], by=by, at=now())
    if answer.outcome is Outcome.INVALID:
        # Somebody went back to an old form and scanned another card there: that is another scan.
        [answer] = record_together([NewScan(new_id(), code, occurred_at)], by=by, at=now())
    return answer
