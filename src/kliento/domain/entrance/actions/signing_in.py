"""Who stands at the door. Whoever may not come in hears the same, whatever the reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions import account_of, use_passkey
from kliento.domain.accounts.rules.passkeys import RelyingParty, State
from kliento.domain.people.queries import signed_in_person
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Invalid, NotFound


def sign_in_by_password(address: str, password: str, *, at: datetime) -> PersonActor:
    """The person with this address and password. Raises Invalid, the same for every reason (threats 5, 6)."""
    account_id = account_of(address, password, at=at)
    message = _("The e-mail address or the password is not right. Check both, or ask for a new password.")
    if account_id is None:
        raise Invalid(message, code="not_signed_in")
    return _person(account_id, otherwise=message)


def sign_in_by_passkey(
    answer: Mapping[str, Any], state: State | None, *, party: RelyingParty, at: datetime
) -> PersonActor:
    """The person whose passkey signed this. Raises Invalid, the same for every reason."""
    message = _("This passkey could not be used here. Try again, or sign in with your password.")
    try:
        account_id = use_passkey(answer, state, party=party, at=at)
    except Invalid as refusal:
        raise Invalid(message, code="not_signed_in") from refusal
    return _person(account_id, otherwise=message)


def _person(account_id: UUID, *, otherwise: object) -> PersonActor:
    """Nobody who is leaving comes in again, and nobody without a person behind their account."""
    try:
        return signed_in_person(account_id)
    except NotFound as absence:
        raise Invalid(otherwise, code="not_signed_in") from absence
