"""Who stands at the door. Whoever may not come in hears the same, whatever the reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kliento.domain.accounts.actions import account_by_recovery_code, account_of, use_passkey
from kliento.domain.accounts.rules.passkeys import RelyingParty, State
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.entrance.actions.secrets import tell
from kliento.domain.people.queries import person_behind, signed_in_account, signed_in_person
from kliento.domain.policy.queries import register
from kliento.kernel.actor import AccountActor, PersonActor
from kliento.kernel.errors import Invalid, NotFound

_PURPOSE = "security"
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


def sign_in_by_recovery_code(typed: str, *, come: Callable[[UUID], Comes], language: str, at: datetime) -> Comes:
    """Whoever has lost their passkeys and has no address: a code from paper, once. It is entered in Activity.

    Raises Invalid, the same for every reason.
    """
    message = _("This code lets nobody in. Check it, or sign in another way.")
    with transaction.atomic(durable=True):
        account_id = account_by_recovery_code(typed)
        if account_id is None:
            raise Invalid(message, code="not_signed_in", pointer="code")
        tell(account_id, "recovery_code_used", language=language, at=at)
    return _let_in(account_id, come, otherwise=message)


def tell_of_new_device(account_id: UUID, *, device: str, door: str, language: str, at: datetime) -> None:
    """Somebody signs in with a browser this account has not used: in Activity and by letter, before they are in.

    `device` is two words, "" where they are not known; `door` is "me" or "partner".
    """
    with override(language):
        when = date_format(localtime(at), "SHORT_DATETIME_FORMAT")
    with transaction.atomic(durable=True):
        person_id = person_behind(account_id)
        if person_id is not None:
            basis = register().purpose(_PURPOSE).basis
            record([NewEntry(person_id, "new_device", at, purpose=_PURPOSE, basis=basis, payload={"device": device})])
        context = {"device": device, "when": when, "door": door}
        post_letter("new_device", owner_id=account_id, language=language, context=context, at=at)


def _let_in(account_id: UUID, come: Callable[[UUID], Comes], *, otherwise: object) -> Comes:
    """Nobody who is leaving comes in again, and nobody the door is not for."""
    try:
        return come(account_id)
    except NotFound as absence:
        raise Invalid(otherwise, code="not_signed_in") from absence
