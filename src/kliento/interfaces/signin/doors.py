"""The doors that share these pages: the person's and the partners'. What differs between them stands here alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kliento.domain.consents import queries as consents
from kliento.domain.entrance.actions import as_account, as_person
from kliento.domain.sharing import queries as sharing
from kliento.interfaces.signin.sessions import audience_of
from kliento.kernel.actor import AccountActor, PersonActor, Visitor
from kliento.web.claim_codes import remembered


@dataclass(frozen=True, slots=True)
class Door:
    """One audience's way in: whom it lets in, where that leads, and the frame of the pages behind it."""

    audience: str
    come: Callable[[UUID], Any]
    leads_to: str
    shell: str

    def first_page(self) -> str:
        """Where somebody goes who was not on the way to anything."""
        return reverse(self.leads_to)


DOORS = {
    "me": Door("me", as_person, "person:card", "web/person.html"),
    "partner": Door("partner", as_account, "partner:start", "web/partner.html"),
}


def door_of(request: HttpRequest) -> Door:
    """The door this page stands at."""
    return DOORS[audience_of(request.path_info) or "me"]


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody is signed in at this door."""
    return not isinstance(getattr(request, "actor", Visitor()), Visitor)


def address_wanted(request: HttpRequest) -> str:
    """Where the visitor was going: a page behind this door, or else the card that waits, or the first page there."""
    wanted, door = request.GET.get("next", ""), door_of(request)
    first = door.first_page() if remembered(request) is None else reverse("person:waiting")
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if is_here and audience_of(wanted) == door.audience else first


def address_after(request: HttpRequest, who: PersonActor | AccountActor) -> str:
    """Where whoever has just come in goes: first to what they are asked again (R-CON-6), which leads on from there.

    Whoever signs in once more in the midst of something goes on with that.
    """
    wanted = address_wanted(request)
    if isinstance(who, PersonActor) and "again" not in request.GET and _is_asked_again(who.person_id):
        asking = reverse("person:asked_again")
        return wanted if wanted.startswith(asking) else f"{asking}?{urlencode({'next': wanted})}"
    return wanted


def _is_asked_again(person_id: UUID) -> bool:
    asking = (consents.asked_again, sharing.asked_again, sharing.default_set_outdated)
    return any(asked(person_id) for asked in asking)


def address_at(request: HttpRequest, name: str) -> str:
    """Another page of the same door."""
    return reverse(f"signin:{name}", current_app=request.resolver_match.namespace if request.resolver_match else None)


def to(request: HttpRequest, name: str) -> HttpResponse:
    """Go to another page of the same door."""
    return redirect(address_at(request, name))
