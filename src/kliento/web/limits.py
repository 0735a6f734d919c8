"""Rate limits: fixed windows counted in Django's cache. Whose window it is, is kept as an HMAC only.

spend(SIGN_IN, email) counts one use, and raises TooManyRequests when the window is used up.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kliento.kernel.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in each window of so many seconds, for each key."""

    name: str
    times: int
    window_seconds: int


class TooManyRequests(TooMany):
    """Come back later; `retry_after_seconds` says when the window ends."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(_("That was too often. Wait a moment and try again."))
        self.retry_after_seconds = retry_after_seconds


def spend(limit: Limit, key: object, *, times: int = 1) -> None:
    """Count `times` uses for this key; raises TooManyRequests once the window holds more than the limit."""
    place, left_seconds = _window(limit, key)
    cache.add(place, 0, timeout=left_seconds + 1)
    try:
        used = cache.incr(place, times)
    except ValueError:  # the window ended between the two calls
        return
    if used > limit.times:
        raise TooManyRequests(retry_after_seconds=left_seconds)


def address_of(request: HttpRequest) -> str:
    """The client's network address as a pseudonym: good for counting, not for finding anybody.

    Behind the proxy of production that is the last address of X-Forwarded-For, the only one the proxy wrote itself. Of
    IPv6 the first 64 bits count: a connection has all the addresses beneath them.
    """
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None and request.is_secure()
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if behind_proxy else ""
    address = forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
    return _digest("address", _connection(address))


def _connection(address: str) -> str:
    """What one subscriber is given: an IPv4 address, however it is written, or an IPv6 network."""
    with suppress(ValueError):  # a proxy may say "unknown"
        parsed = ip_address(address)
        if not isinstance(parsed, IPv6Address):
            return str(parsed)
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), 64), strict=False))
    return address


def _window(limit: Limit, key: object) -> tuple[str, int]:
    """The cache key of the current window, and how many seconds it has left."""
    number, passed = divmod(int(time.time()), limit.window_seconds)
    return f"limit:{limit.name}:{number}:{_digest(limit.name, str(key))}", limit.window_seconds - passed


def _digest(place: str, text: str) -> str:
    return salted_hmac(f"kliento.limits.{place}", text, algorithm="sha256").hexdigest()
