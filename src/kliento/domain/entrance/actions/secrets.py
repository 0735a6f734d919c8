"""Changing what one signs in with. Every change ends the other sessions, and is told by mail and in Activity."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from kliento.domain.accounts import actions as accounts
from kliento.domain.accounts.rules.passkeys import NewPasskey
from kliento.domain.accounts.rules.secrets import Password
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.dispatch.actions import post_letter
from kliento.domain.people.queries import person_behind
from kliento.domain.policy.queries import register
from kliento.kernel.actor import AccountActor, OperatorActor, PersonActor

_PURPOSE = "security"
SignedIn = PersonActor | AccountActor | OperatorActor
Change = Literal[
    "password",
    "password_removed",
    "passkey_added",
    "passkey_removed",
    "authenticator_on",
    "authenticator_off",
    "recovery_codes",
    "recovery_code_used",
]
# What somebody adds to keep the account, and a new password does not take away.
_ADDED = frozenset({"passkey_added", "authenticator_on", "recovery_codes"})


def change_password(by: SignedIn, password: Password, *, keep: str, language: str, at: datetime) -> None:
    """A new password. `keep` is the cookie's key of the browser that asks; it stays signed in."""
    with transaction.atomic(durable=True):
        accounts.set_password(by.account_id, password, keep=keep)
        tell(by.account_id, "password", language=language, at=at)


def remove_password(by: SignedIn, *, keep: str, language: str, at: datetime) -> None:
    """No password any more. Raises Conflict for the last way to sign in."""
    with transaction.atomic(durable=True):
        accounts.remove_password(by.account_id, keep=keep)
        tell(by.account_id, "password_removed", language=language, at=at)


def add_passkey(by: SignedIn, passkey: NewPasskey, *, keep: str, language: str, at: datetime) -> None:
    """One more way to sign in. Raises Conflict for a passkey that is known already."""
    with transaction.atomic(durable=True):
        accounts.store_passkey(by.account_id, passkey, at=at)
        accounts.end_sessions(by.account_id, keep=keep)
        tell(by.account_id, "passkey_added", language=language, at=at)


def remove_passkey(by: SignedIn, passkey_id: UUID, *, keep: str, language: str, at: datetime) -> None:
    """One way less. Raises NotFound for a passkey of somebody else, Conflict for the last way to sign in."""
    with transaction.atomic(durable=True):
        accounts.remove_passkey(by.account_id, passkey_id)
        accounts.end_sessions(by.account_id, keep=keep)
        tell(by.account_id, "passkey_removed", language=language, at=at)


def tell(account_id: UUID, what: Change, *, language: str, at: datetime) -> None:
    """Enter the change, where a person stands behind the account, and write about it to whoever has it.

    Where something was added, the letter has a link that takes it back, and what the account shows has none. Part of
    the caller's transaction.
    """
    person_id = person_behind(account_id)
    if person_id is not None:
        basis = register().purpose(_PURPOSE).basis
        record([NewEntry(person_id, "secret_changed", at, purpose=_PURPOSE, basis=basis, payload={"what": what})])
    context = {"what": what, "door": door_of(account_id)}
    back = accounts.open_way_back(account_id, at=at) if what in _ADDED else None
    link = {"token": back.secret, "until": written(back.good_until, language)} if back else {}
    post_letter("secret_changed", owner_id=account_id, language=language, context=context, link=link, at=at)


def written(moment: datetime, language: str) -> str:
    """A moment as a letter says it."""
    with override(language):
        return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")


def door_of(account_id: UUID) -> str:
    """Where letters send whoever has it: nobody's customer has the partners' door alone, the other lets them not in."""
    return "partner" if person_behind(account_id) is None else "me"
