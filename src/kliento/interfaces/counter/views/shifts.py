"""Who is on duty at this till: saying so with a PIN, and making room for the next one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kliento.domain.entrance.queries import openers
from kliento.domain.recipients.actions import PinRefused, begin_shift
from kliento.domain.recipients.queries import place_of
from kliento.interfaces.counter.forms import PinForm
from kliento.interfaces.counter.paired import TillRequest, begin, end, goes_on, paired_required
from kliento.interfaces.counter.screen import UNDONE_AT_A_PLACE
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.forms import require_only
from kliento.web.limits import Limit, spend

OPENINGS = Limit("counter.openings", times=60, window_seconds=60)


@require_http_methods(["GET", "POST"])
@paired_required
def unlock(request: TillRequest) -> HttpResponse:
    """Choose who one is, and show it with the PIN."""
    require_only(request, *PinForm.base_fields)
    if not request.locked:
        return redirect("counter:till")
    listed = openers(request.terminal)
    form = PinForm.of(request, listed)
    if request.method == "POST" and form.is_valid():
        spend(OPENINGS, request.terminal.terminal_id)
        try:
            begin(request, begin_shift(**form.cleaned_data, by=request.terminal, at=now()))
        except PinRefused as refusal:
            form.add_error("pin", _sentence(refusal))
        except NotFound:
            return redirect("counter:unlock")
        else:
            return redirect("counter:till")
    page = {"form": form, "place": place_of(request.terminal), "openers": listed}
    return render(request, "counter/unlock.html", page, status=400 if form.errors else 200)


@require_POST
@paired_required
def end_shift(request: TillRequest) -> HttpResponse:
    """Nobody is on duty; the next one says who they are. A shift that is over long since, told late, ends no other."""
    require_only(request, "shift")
    if goes_on(request, request.POST.get("shift", "")):
        end(request, *UNDONE_AT_A_PLACE)
    return redirect("counter:unlock")


def _sentence(refusal: PinRefused) -> str:
    if refusal.until is None:
        return str(refusal.message)
    told = {"what": refusal.message, "time": date_format(localtime(refusal.until), "TIME_FORMAT")}
    return _("%(what)s Try again at %(time)s, or choose a new PIN in the portal.") % told
