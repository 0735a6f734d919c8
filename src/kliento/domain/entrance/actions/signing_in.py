"""Who stands at the door. Whoever may not come in hears the same, whatever the reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.accounts.actions import account_of, use_passkey
from kliento.domain.accounts.rules.passkeys import RelyingParty, State
from kliento.domain.people.queries import signed_in_account, signed_in_person
from kliento.kernel.actor import AccountActor, PersonActor
from kliento.kernel.errors import Invalid, NotFound

Comes = TypeVar("Comes", PersonActor, AccountActor)


def as_person(account_id: UUID) -> PersonActor:
    """At the person's door. Raises NotFound for an account without a person, or whose person is leaving."""
    return signed_in_person(account_id)


def as_account(account_id: UUID) -> AccountActor:
    """At the partners' door, where an account need have no person. Raises NotFound when its person is leaving."""
    return signed_in_account(account_id)


def sign_in_by_password(address: str, password: str, *, come: Callable[[UUID], Comes], at: datetime) -> Comes:
    """Whoever has this address and password, as the door takes them.

    Raises Invalid, the same for every reason (threats 5, 6).
    """
    account_id = account_of(address, password, at=at)
    message = _("The e-mail address or the password is not right. Check both, or ask for a new password.")
    if account_id is None:
        raise Invalid(message, code="not_signed_in")
    return _let_in(account_id, come, otherwise=message)


def sign_in_by_passkey(
    answer: Mapping[str, Any],
    state: State | None,
    *,
    party: RelyingParty,
    come: Callable[[UUID], Comes],
    at: datetime,
) -> Comes:
    """Whoever's passkey signed this, as the door takes them. Raises Invalid, the same for every reason."""
    message = _("This passkey could not be used here. Try again, or sign in with your password.")
    try:
        account_id = use_passkey(answer, state, party=party, at=at)
    except Invalid as refusal:
        raise Invalid(message, code="not_signed_in") from refusal
    return _let_in(account_id, come, otherwise=message)


def _let_in(account_id: UUID, come: Callable[[UUID], Comes], *, otherwise: object) -> Comes:
    """Nobody who is leaving comes in again, and nobody the door is not for."""
    try:
        return come(account_id)
    except NotFound as absence:
        raise Invalid(otherwise, code="not_signed_in") from absence
