"""What the sealed log says of itself, for witnesses and whoever else wants to check: plain texts that caches may keep.

Nobody is asked who they are, and nothing here knows a person.
"""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kliento.domain.activity.actions.heeding import heed_alarm
from kliento.domain.activity.queries import proving
from kliento.web.forms import require_only
from kliento.web.limits import Limit, address_of, spend

_YEAR_SECONDS = 365 * 86_400
_ALARMS = Limit("log_alarm", times=10, window_seconds=3600)
_VERIFIER = Path(__file__).with_name("kliento_verify.py")


@require_safe
@cache_control(public=True, max_age=5)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint."""
    return HttpResponse(proving.newest_checkpoint(), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=300)
def key(request: HttpRequest) -> HttpResponse:
    """The key that checkpoints of this epoch are signed with, in one line."""
    return HttpResponse(f"{proving.verifier_key()}\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=_YEAR_SECONDS, immutable=True)
def consistency(request: HttpRequest, epoch: str, old: int, new: int) -> JsonResponse:
    """What proves that the first `old` entries begin the first `new`; it stays the same for as long as the epoch."""
    if epoch != proving.newest_origin().rpartition("/")[2]:
        raise Http404
    proof = proving.consistency_proof(old, new)
    return JsonResponse({"old": old, "new": new, "path": [each.hex() for each in proof]})


@require_safe
@cache_control(public=True, max_age=300)
def verifier(request: HttpRequest) -> HttpResponse:
    """A program that checks an entry's proof without us: one file that needs nothing but Python."""
    return HttpResponse(
        _VERIFIER.read_bytes(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="kliento_verify.py"'},
    )


@csrf_exempt  # it rests on no session: what it says is believed as far as the checkpoint in it is signed
@require_POST
def alarm(request: HttpRequest) -> HttpResponse:
    """A till or phone tells that the log is not what it saw: that goes into the service's own log."""
    spend(_ALARMS, address_of(request))
    require_only(request, "reason", "kept")
    heed_alarm(request.POST.get("reason", ""), request.POST.get("kept", ""))
    return HttpResponse(status=204)
