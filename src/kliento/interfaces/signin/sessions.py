"""One session cookie for each audience, chosen by the path, so that all can be open in one browser.

The middleware says who asks (`request.actor`); the functions here begin, renew and end what it reads. Pages for
everyone and the API have no session: what is written into theirs is forgotten with the answer.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.backends.signed_cookies import SessionStore as Forgotten
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from kliento.domain.accounts.actions.sessions import SessionStore
from kliento.domain.accounts.rules.devices import device_of
from kliento.domain.accounts.rules.sessions import LASTS, SEEN_EVERY, is_fresh
from kliento.domain.entrance.actions import tell_of_new_device
from kliento.domain.people.queries import signed_in_person
from kliento.domain.recipients.queries import operator_of
from kliento.interfaces.signin.devices import is_known, remember, write_cookie
from kliento.kernel.actor import AccountActor, Actor, PersonActor, Visitor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.web.claim_codes import WAITING

INVITATION = "invitation"  # whose link this browser has followed; worth nothing without a form that answers it
_STAYS = (INVITATION, WAITING)
_PREFIX = "__Host-" if settings.SESSION_COOKIE_SECURE else ""


class AudienceRequest(HttpRequest):
    """A request as the middleware leaves it."""

    session: SessionBase
    actor: Actor


class AudienceSessions:
    """Middleware: reads the session of the path's audience, says who asks, writes the session back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AudienceRequest) -> HttpResponse:
        """Sets `request.session` and `request.actor`; a session nobody wrote to sets no cookie."""
        audience = audience_of(request.path_info)
        if audience is None:
            request.session, request.actor = Forgotten(), Visitor()
            return self.get_response(request)
        session = SessionStore(request.COOKIES.get(cookie_of(audience)), audience=audience)
        request.session, request.actor = session, _actor_in(session)
        response = self.get_response(request)
        _write_back(session, request, response)
        write_cookie(request, response)
        return response


def audience_of(path: str) -> str | None:
    """Whose pages stand at this path: `/me/activity` and `/sign-in/me/` are "me". None for what everybody shares."""
    first, second = [*path.removeprefix("/").split("/", 2), ""][:2]
    audience = second if first == "sign-in" else first
    return audience if audience in LASTS else None


def cookie_of(audience: str) -> str:
    """The cookie's name. With the prefix of production a browser takes it from this host and over TLS only."""
    return f"{_PREFIX}{audience}"


def come_in(request: HttpRequest, who: PersonActor | AccountActor, *, at: datetime) -> None:
    """Sign in at a door; whoever has the account is told when this browser is new to it."""
    if not is_known(request, who.account_id):
        tell_of_new_device(
            who.account_id,
            device=device_of(request.headers.get("User-Agent", "")),
            door=audience_of(request.path_info) or "me",
            language=(get_language() or "en")[:2],
            at=at,
        )
    begin_session(request, who, at=at)


def begin_session(request: HttpRequest, who: PersonActor | AccountActor, *, at: datetime) -> None:
    """Sign in: whatever the browser held before is gone, its key too (threat 21). The browser is known from then on."""
    remember(request, who.account_id)
    start_anew(request)
    request.session.update(
        {
            "account_id": str(who.account_id),
            "signed_in_at": at.isoformat(),
            "device": device_of(request.headers.get("User-Agent", "")),
        }
    )


def begin_half(request: HttpRequest, account_id: UUID, *, at: datetime) -> None:
    """Remember that this browser has given the password and owes a code. It is signed in nowhere."""
    start_anew(request)
    request.session.update({"half_in": str(account_id), "half_in_at": at.isoformat()})


def half_in(request: HttpRequest, *, at: datetime) -> UUID | None:
    """Whose password this browser gave a short while ago; None when it owes no code."""
    if "half_in" not in request.session:
        return None
    began_at = datetime.fromisoformat(request.session["half_in_at"])
    return UUID(request.session["half_in"]) if is_fresh(began_at, at=at) else None


def start_anew(request: HttpRequest) -> None:
    """An empty session under a new key.

    An invitation that is being answered stays, and a card that waits to be added: they open nothing by themselves.
    """
    staying = {name: request.session[name] for name in _STAYS if name in request.session}
    request.session.flush()
    request.session.update(staying)


def renew_session(request: HttpRequest) -> None:
    """The same session under a new key, after a change of credentials."""
    request.session.cycle_key()


def end_session(request: HttpRequest) -> None:
    """Sign out of this browser, for this audience."""
    request.session.flush()


def _actor_in(session: SessionStore) -> Actor:
    if "account_id" not in session:
        return Visitor()
    account_id = UUID(session["account_id"])
    if session.audience == "me":
        return _person(account_id)
    return _operator(account_id, session.get("third_party_id")) if session.audience == "partner" else Visitor()


def _person(account_id: UUID) -> Actor:
    try:
        return signed_in_person(account_id)
    except NotFound:
        return Visitor()


def _operator(account_id: UUID, third_party_id: str | None) -> Actor:
    """The operator of the company that was chosen, or of the only one; signed in without one otherwise."""
    try:
        return operator_of(account_id, UUID(third_party_id) if third_party_id else None)
    except NotFound:
        return AccountActor(account_id)


def _write_back(session: SessionStore, request: HttpRequest, response: HttpResponse) -> None:
    name = cookie_of(session.audience)
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if session.last_seen_at is not None and now() - session.last_seen_at > SEEN_EVERY:
        session.modified = True
    if session.is_empty():
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
        return
    if not session.modified or response.status_code >= 500:
        return
    try:
        session.save()
    except UpdateError:  # signed out elsewhere while this request was under way
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        session.session_key or "",
        max_age=session.get_expiry_age(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
