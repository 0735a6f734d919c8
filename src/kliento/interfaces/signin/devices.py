"""Which accounts have signed in with this browser before: known to the browser alone, in a signed cookie.

It carries a keyed tag for each account and nothing else; no table lists devices, no network address is kept. Without
the tag a sign-in is told to whoever has the account.
"""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}device"
_SALT = "kliento.signin.device"
_LASTS_SECONDS = 400 * 24 * 60 * 60  # browsers keep no cookie longer
_MOST = 8  # accounts on one browser; the oldest is told anew


class _Noting(HttpRequest):
    """A request whose answer will carry these tags."""

    device_tags: list[str]


def is_known(request: HttpRequest, account_id: UUID) -> bool:
    """Whether this account has signed in here before."""
    return _tag(account_id) in _tags_in(request)


def remember(request: HttpRequest, account_id: UUID) -> None:
    """From the answer to this request on the browser knows the account; kept as long again."""
    tag = _tag(account_id)
    others = [each for each in _tags_in(request) if each != tag]
    cast("_Noting", request).device_tags = [*others, tag][-_MOST:]


def write_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Put into the answer what `remember` noted; nothing for every other request."""
    tags = getattr(request, "device_tags", None)
    if tags:
        response.set_cookie(
            COOKIE,
            signing.dumps(tags, salt=_SALT),
            max_age=_LASTS_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _tags_in(request: HttpRequest) -> list[str]:
    try:
        tags = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS_SECONDS)
    except signing.BadSignature:
        return []
    return [str(tag) for tag in tags]


def _tag(account_id: UUID) -> str:
    """The same account has the same tag, and without our key nobody finds one for another."""
    return salted_hmac(_SALT, str(account_id), algorithm="sha256").hexdigest()[:32]
