"""Who may open a page. The session middleware has set `request.actor`; nothing else decides who is asking."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from kliento.kernel.actor import Actor, PersonActor, Visitor

Rest = ParamSpec("Rest")


class PersonRequest(HttpRequest):
    """A request of a signed-in person; what `person_required` hands to a view."""

    actor: Actor
    person: PersonActor
    htmx: HtmxDetails


def person_required(
    view: Callable[Concatenate[PersonRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view gets `request.person`; anybody else goes to sign in and comes back. Nothing personal is cached."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        actor = getattr(request, "actor", Visitor())
        if not isinstance(actor, PersonActor):
            return _to_sign_in(request)
        own = cast("PersonRequest", request)
        own.person = actor
        response = view(own, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then back; a form that was sent by then goes back to its page, for its content is gone."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(reverse("signin:sign_in"))
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    response = HttpResponseRedirect(f"{reverse('signin:sign_in')}?{urlencode({'next': back})}")
    add_never_cache_headers(response)
    return response
