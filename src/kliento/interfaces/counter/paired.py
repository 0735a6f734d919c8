"""Which browser is a terminal. The session holds the terminal's id; its secret is needed by nobody here."""

from collections.abc import Callable
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

from kliento.domain.recipients.queries import paired_terminal
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import NotFound

Rest = ParamSpec("Rest")
_TERMINAL = "terminal_id"


class TillRequest(HttpRequest):
    """A request of a paired browser; what `terminal_required` hands to a view."""

    terminal: TerminalActor


def remember(request: HttpRequest, terminal_id: UUID) -> None:
    """From now on this browser is that terminal; whatever it remembered of another one is gone."""
    request.session.flush()
    request.session[_TERMINAL] = str(terminal_id)


def terminal_required(
    view: Callable[Concatenate[TillRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view gets `request.terminal`; a browser that is none, or no longer, is led to pairing. Nothing is cached."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        own = cast("TillRequest", request)
        try:
            own.terminal = paired_terminal(UUID(str(request.session[_TERMINAL])))
        except KeyError:
            return redirect("counter:pair")
        except NotFound:
            request.session.flush()
            return redirect(f"{reverse('counter:pair')}?disconnected")
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
