"""Who asks, when development is opened to the machine's own network: this machine, a neighbour, or nobody we answer."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


class NeighboursOnly:
    """Middleware: nobody from outside, also where the machine has another address that the internet reaches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer whoever has a private address."""
        peer = _peer(request)
        if peer is None or not peer.is_private:
            raise PermissionDenied
        return self.get_response(request)


def is_this_machine(request: HttpRequest) -> bool:
    """Whether the connection comes from this machine itself. What a header says does not count."""
    peer = _peer(request)
    return peer is not None and peer.is_loopback


def _peer(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket that names nobody
        return None
    return getattr(address, "ipv4_mapped", None) or address
