"""The doors that share these pages: the person's and the partners'. What differs between them stands here alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kliento.domain.entrance.actions import as_account, as_person
from kliento.interfaces.signin.sessions import audience_of
from kliento.kernel.actor import Visitor


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


def address_at(request: HttpRequest, name: str) -> str:
    """Another page of the same door."""
    return reverse(f"signin:{name}", current_app=request.resolver_match.namespace if request.resolver_match else None)


def to(request: HttpRequest, name: str) -> HttpResponse:
    """Go to another page of the same door."""
    return redirect(address_at(request, name))
