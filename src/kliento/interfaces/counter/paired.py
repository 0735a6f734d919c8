"""Which browser is a terminal. The session holds terminals' ids; their secrets are needed by nobody here.

One device may stand for several premises of one company, one of them at a time. Where the company wants that, it opens
for an operator's PIN only, and the session says whose that was.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_permissions_policy.decorators import permissions_policy_override

from kliento.domain.recipients.actions import Shift, end_shift, move_shift
from kliento.domain.recipients.queries import AtTheTill, Till, former_till, is_stopped, on_duty, paired_till
from kliento.kernel.actor import TerminalActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound

Rest = ParamSpec("Rest")
_COMPANY, _TERMINALS, _CURRENT, _SHIFT, _FORMER = "company", "terminals", "current", "shift", "former_terminals"


class TillRequest(HttpRequest):
    """A request of a paired browser; what `terminal_required` hands to a view.

    `opener`: whose PIN opened it, where one is wanted, and `shift_id` the shift that began with it; `locked`: nobody's
    did yet.
    """

    terminal: TerminalActor
    opener: AtTheTill | None
    shift_id: UUID | None
    locked: bool


def remember(request: HttpRequest, terminal_id: UUID) -> None:
    """From now on this browser is that terminal, beside those of the same company's other premises.

    Whatever it remembered of another company is gone.
    """
    paired = paired_till(terminal_id).terminal
    if request.session.get(_COMPANY) != str(paired.third_party_id):
        request.session.flush()
    request.session.cycle_key()
    request.session[_COMPANY] = str(paired.third_party_id)
    request.session[_TERMINALS] = terminals_in(request) | {str(paired.premises_id): str(terminal_id)}
    request.session[_CURRENT] = str(paired.premises_id)
    request.session[_FORMER] = _without(str(paired.premises_id), _former_in(request))


def terminals_in(request: HttpRequest) -> dict[str, str]:
    """The terminals this browser is, by the premises they stand at."""
    return dict(request.session.get(_TERMINALS, {}))


def go_to(request: HttpRequest, premises_id: UUID) -> None:
    """Stand at other premises from now on. Raises NotFound where this browser is no terminal."""
    if str(premises_id) not in terminals_in(request):
        raise NotFound(code="premises_unknown")
    request.session[_CURRENT] = str(premises_id)


def begin(request: HttpRequest, shift: Shift) -> None:
    """The till is open for whoever gave their PIN."""
    request.session.cycle_key()
    request.session[_SHIFT] = {
        "id": str(shift.id),
        "terminal": str(shift.terminal_id),
        "operator": str(shift.operator_id),
        "mark": shift.mark,
    }


def goes_on(request: HttpRequest, shift_id: str) -> bool:
    """Whether what goes on at this till is that shift, wherever the device stood in it; also where none is named."""
    shift = request.session.get(_SHIFT, {})
    return not shift_id or shift_id in {shift.get("id"), *shift.get("before", ())}


def end(request: HttpRequest, *also: str) -> None:
    """The till is closed, and what it remembered under these names is gone."""
    if shift_id := request.session.get(_SHIFT, {}).get("id"):
        end_shift(UUID(shift_id), at=now())
    for name in (_SHIFT, *also):
        request.session.pop(name, None)


def terminal_required(
    view: Callable[Concatenate[TillRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view gets `request.terminal`, which says who is on duty. A browser that is none, or no longer, is led to
    pairing, a locked one to whoever can open it. Nothing is cached."""

    @paired_required
    def opened(request: TillRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        return redirect("counter:unlock") if request.locked else view(request, *args, **kwargs)

    update_wrapper(opened, view)
    return opened


def paired_required(
    view: Callable[Concatenate[TillRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The same, for what a locked till may do as well."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        own = cast("TillRequest", request)
        try:
            till = _till(request)
        except NotFound:
            return _elsewhere(request)
        _stand(own, till)
        _take_shift_along(own)
        response = view(own, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def handing_in_required(
    view: Callable[Concatenate[TillRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The same, for what a disconnected till may do as well: hand in what it had until then.

    `request.terminal` is that of the `premises_id` sent along, or of where this browser stands; `revoked_at` says
    whether it works still. It reads NotFound for premises at which this browser never was a terminal.
    """

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        own = cast("TillRequest", request)
        known = _former_in(request) | terminals_in(request)
        if not known:
            return redirect("counter:pair")
        asked = request.POST.get("premises_id") or request.session.get(_CURRENT) or next(iter(known))
        if asked not in known:
            raise NotFound(code="premises_unknown")
        try:
            till = former_till(UUID(known[asked]))
        except NotFound:
            return redirect("counter:pair")
        _stand(own, till)
        response = view(own, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def may_use_camera(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page may open the camera and compile the vendored reader, as no other page may."""
    reading = csp_update({"script-src": ["'wasm-unsafe-eval'"]})
    looking = permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": ["self"]})
    return cast("Callable[..., HttpResponse]", looking(reading(view)))


def _till(request: HttpRequest) -> Till:
    terminal_id = terminals_in(request).get(request.session.get(_CURRENT, ""))
    if terminal_id is None:
        raise NotFound(code="terminal_unknown")
    return paired_till(UUID(terminal_id))


def _stand(request: TillRequest, till: Till) -> None:
    """The request is this till's, and of whoever opened it."""
    request.opener = _opener(request, till) if till.pin_wanted else None
    request.shift_id = UUID(request.session[_SHIFT]["id"]) if request.opener else None
    request.locked = till.pin_wanted and request.opener is None
    request.terminal = replace(till.terminal, operator_id=request.opener.operator_id if request.opener else None)


def _take_shift_along(request: TillRequest) -> None:
    """Whoever is on duty at a device that stands at another place now is on duty there."""
    if request.shift_id is None or request.opener is None:
        return
    shift, here = request.session[_SHIFT], request.terminal
    if shift["terminal"] != str(here.terminal_id):
        request.shift_id = move_shift(request.shift_id, request.opener.operator_id, to=here, at=now())
        before = [*shift.get("before", ()), shift["id"]]
        request.session[_SHIFT] = shift | {
            "id": str(request.shift_id),
            "terminal": str(here.terminal_id),
            "before": before,
        }


def _opener(request: HttpRequest, till: Till) -> AtTheTill | None:
    shift = request.session.get(_SHIFT)
    if shift is None or "id" not in shift:
        return None
    try:
        return on_duty(UUID(shift["operator"]), shift["mark"], third_party_id=till.terminal.third_party_id)
    except NotFound:
        end(request)
        return None


def is_stopped_here(request: HttpRequest) -> bool:
    """Whether this browser is a terminal of a company that is not approved now, and will be one again with it."""
    current = terminals_in(request).get(request.session.get(_CURRENT, ""))
    return current is not None and is_stopped(UUID(current))


def _former_in(request: HttpRequest) -> dict[str, str]:
    """The terminals this browser was until somebody disconnected them, by the premises: to hand in what they had."""
    return dict(request.session.get(_FORMER, {}))


def _without(premises_id: str, terminals: dict[str, str]) -> dict[str, str]:
    return {place: terminal for place, terminal in terminals.items() if place != premises_id}


def _elsewhere(request: HttpRequest) -> HttpResponse:
    """Never paired: to pairing. Disconnected: the same, unless it stands for other premises, too.

    Where its company is stopped it stays what it is: nobody has to pair it again when that goes on.
    """
    if is_stopped_here(request):
        return redirect("counter:pair")
    left, current = terminals_in(request), request.session.get(_CURRENT, "")
    gone = left.pop(current, None)
    if gone is None:
        disconnected = "?disconnected" if _former_in(request) else ""
        return redirect(f"{reverse('counter:pair')}{disconnected}")
    former = _former_in(request) | {current: gone}
    if not left:
        company = request.session.get(_COMPANY)
        request.session.flush()
        request.session[_COMPANY], request.session[_FORMER] = company, former
        return redirect(f"{reverse('counter:pair')}?disconnected")
    request.session[_TERMINALS], request.session[_FORMER] = left, former
    request.session[_CURRENT] = next(iter(left))
    return redirect(f"{reverse('counter:places')}?disconnected")
