"""Questions to authenticators: asked over JSON by a script, remembered in the session, good for one answer."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from kliento.domain.accounts.queries import credentials_of
from kliento.domain.accounts.rules.devices import device_of
from kliento.domain.accounts.rules.passkeys import NewPasskey, RelyingParty, State, ask_to_create, ask_to_sign, created

_ASKED = "passkey_question"


def party() -> RelyingParty:
    """This instance, by the address people open it at."""
    return RelyingParty(host=urlsplit(settings.KLIENTO_URL).hostname or "localhost", origin=settings.KLIENTO_URL)


def question_to_create(request: HttpRequest, account_id: UUID) -> JsonResponse:
    """Ask for a new passkey of this account (or of the sign-up that will be it)."""
    options, state = ask_to_create(party(), account_id=account_id, known=credentials_of(account_id))
    return _asking(request, options, state)


def question_to_sign(request: HttpRequest) -> JsonResponse:
    """Ask for a signature of whoever this is."""
    options, state = ask_to_sign(party())
    return _asking(request, options, state)


def question_of(request: HttpRequest) -> State | None:
    """The question this browser was asked; forgotten with this call."""
    return request.session.pop(_ASKED, None)


def passkey_in(request: HttpRequest, answer: Mapping[str, Any]) -> NewPasskey:
    """The passkey that was made. Raises Invalid for an answer to another question."""
    return created(party(), question_of(request), answer, device=device_of(request.headers.get("User-Agent", "")))


def _asking(request: HttpRequest, options: Mapping[str, Any], state: State) -> JsonResponse:
    request.session[_ASKED] = state
    return JsonResponse(dict(options))
