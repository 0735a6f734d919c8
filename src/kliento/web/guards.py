"""Who may open a page. The session middleware has set `request.actor`; nothing else decides who is asking."""

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec, Protocol, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from kliento.domain.accounts.rules.sessions import is_fresh
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import AccountActor, Actor, OperatorActor, PersonActor, Visitor

Rest = ParamSpec("Rest")
_DOORS = {"partner": "partner_signin"}  # the names of the doors in the URL table; the person's is the usual one


class PersonRequest(HttpRequest):
    """A request of a signed-in person; what `person_required` hands to a view."""

    actor: Actor
    person: PersonActor
    htmx: HtmxDetails


class OperatorRequest(HttpRequest):
    """A request of an operator who works for one company now; what `operator_required` hands to a view."""

    actor: Actor
    operator: OperatorActor
    htmx: HtmxDetails


class AccountRequest(HttpRequest):
    """A request of anybody with an account, at whichever door; what `account_required` hands to a view."""

    actor: Actor
    account: PersonActor | AccountActor | OperatorActor
    htmx: HtmxDetails


class OperatorGuard(Protocol):
    """What `operator_required` gives: a decorator that keeps the view's other parameters."""

    def __call__(
        self, view: Callable[Concatenate[OperatorRequest, Rest], HttpResponseBase], /
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
        """Guard the view."""


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


def account_required(
    view: Callable[Concatenate[AccountRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view gets `request.account`, whoever that is behind this door; a visitor goes to sign in and comes back."""

    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        actor = getattr(request, "actor", Visitor())
        if not isinstance(actor, PersonActor | AccountActor | OperatorActor):
            return _to_sign_in(request)
        own = cast("AccountRequest", request)
        own.account = actor
        response = view(own, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    update_wrapper(guarded, view)
    return guarded


def signed_in_lately(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this browser proved who it is a short while ago."""
    signed_in_at = request.session.get("signed_in_at")
    return is_fresh(datetime.fromisoformat(signed_in_at) if signed_in_at else None, at=at)


def sign_in_again(request: HttpRequest, *, back: str) -> HttpResponse:
    """Prove once more who one is, then go to the page `back`."""
    return HttpResponseRedirect(f"{_door_of(request)}?{urlencode({'next': back, 'again': 'yes'})}")


def operator_required(right: Right | None = None) -> OperatorGuard:
    """The view gets `request.operator`, whose role holds `right` (any role without one).

    A visitor goes to sign in and comes back; somebody who works for several companies says first for which. A role that
    lacks the right is told so (403, NotAllowed): it is their own company's page. What belongs to another company is
    not found, by the query or action that is asked for it.
    """

    def decorate(
        view: Callable[Concatenate[OperatorRequest, Rest], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
        def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            actor = getattr(request, "actor", Visitor())
            if isinstance(actor, AccountActor):
                return HttpResponseRedirect(reverse("partner:workplaces"))
            if not isinstance(actor, OperatorActor):
                return _to_sign_in(request)
            if right is not None:
                require(actor, right)
            own = cast("OperatorRequest", request)
            own.operator = actor
            response = view(own, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        update_wrapper(guarded, view)
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in, then back; a form that was sent by then goes back to its page, for its content is gone."""
    door = _door_of(request)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(door)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    response = HttpResponseRedirect(f"{door}?{urlencode({'next': back})}")
    add_never_cache_headers(response)
    return response


def _door_of(request: HttpRequest) -> str:
    return reverse("signin:sign_in", current_app=_DOORS.get(getattr(request.session, "audience", "")))
