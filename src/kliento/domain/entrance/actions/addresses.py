"""Changing the sign-in address (R-CRD-2). The former address is told at once and can be had back by a link.

Addresses are opened for the person's own rights: an objection or a restriction stops nobody from mending them.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from kliento.domain.accounts import actions as accounts
from kliento.domain.accounts.queries import former_address_behind
from kliento.domain.accounts.rules.codes import MINUTES_GOOD
from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.dispatch.actions import post_last_letter, post_letter
from kliento.domain.entrance.actions.secrets import SignedIn, door_of, written
from kliento.domain.entrance.queries import awaited_address, sign_in_address
from kliento.domain.gate.actions import RIGHTS, open_earlier
from kliento.domain.people.queries import person_behind
from kliento.domain.policy.queries import register

_PURPOSE = "security"
Step = Literal["asked", "changed", "reverted", "taken_back", "removed"]


def ask_for_address(by: SignedIn, address: str, *, language: str, at: datetime) -> None:
    """Send a code to this address; if it has an account, a letter that says so. The answer is the same (threat 5).

    Raises Invalid for what is no address, and for the one in use.
    """
    with transaction.atomic(durable=True):
        change = accounts.open_address_change(by.account_id, address, at=at)
        _enter(by.account_id, "asked", at=at)
        post_last_letter(
            "address_taken" if change.code is None else "address_code",
            address=change.address,
            language=language,
            context={"code": change.code or "", "minutes": MINUTES_GOOD},
            at=at,
            good_until=change.good_until,
        )


def change_address(by: SignedIn, change_id: UUID, code: str, *, keep: str, language: str, at: datetime) -> None:
    """The new address, whose code was given, signs in from now on. `keep` is the cookie's key of this browser.

    Raises Invalid for a wrong code, NotFound when another change was begun or it has run out, Conflict when the address
    has come to belong to another account.
    """
    accounts.verify_address_change(by.account_id, change_id, code, at=at)
    address = awaited_address(by.account_id, at=at).address
    former = sign_in_address(by.account_id)
    with transaction.atomic(durable=True):
        back = accounts.put_address(by.account_id, change_id, address, keep=keep, at=at)
        _enter(by.account_id, "changed", at=at)
        if former:
            context = {"door": door_of(by.account_id)}
            if back is not None:
                context |= {"token": back.secret, "until": written(back.good_until, language)}
            good_until = back.good_until if back else None
            post_last_letter(
                "address_changed", address=former, language=language, context=context, at=at, good_until=good_until
            )


def revert_address(secret: str, *, language: str, at: datetime) -> None:
    """The account has the address back whose link this is. Every session ends and no password opens it any more.

    Both addresses are told, the one that is back of what else was removed. Raises NotFound when the link is good no
    more, Conflict when the address has an account of its own by now.
    """
    former = former_address_behind(secret, at=at)
    address = open_earlier(former.account_id, field="login_email", version=former.version, purpose=RIGHTS)
    replaced = sign_in_address(former.account_id)
    with transaction.atomic(durable=True):
        restored = accounts.restore_address(former.id, address, at=at)
        account_id = restored.account_id
        _enter(account_id, "taken_back" if replaced == address else "reverted", at=at)
        door = door_of(account_id)
        context = {
            "door": door,
            "passkeys": str(restored.passkeys or ""),
            "app": "yes" if restored.has_lost_app else "",
            "codes": "yes" if restored.has_lost_codes else "",
        }
        post_letter("address_reverted", owner_id=account_id, language=language, context=context, at=at)
        if replaced not in {"", address}:
            context = {"door": door, "replaced": "yes"}
            post_last_letter("address_reverted", address=replaced, language=language, context=context, at=at)


def remove_address(by: SignedIn, *, keep: str, language: str, at: datetime) -> None:
    """Passkeys alone from now on (R-CRD-3). The address is told a last time, and destroyed.

    Raises Conflict while there is no passkey, or no recovery code, or a change of the address can be taken back.
    """
    address = sign_in_address(by.account_id)
    with transaction.atomic(durable=True):
        if address:
            accounts.remove_address(by.account_id, keep=keep, at=at)
            _enter(by.account_id, "removed", at=at)
            post_last_letter("address_removed", address=address, language=language, context={}, at=at)


def _enter(account_id: UUID, what: Step, *, at: datetime) -> None:
    person_id = person_behind(account_id)
    if person_id is not None:
        basis = register().purpose(_PURPOSE).basis
        record([NewEntry(person_id, "address_changed", at, purpose=_PURPOSE, basis=basis, payload={"what": what})])
