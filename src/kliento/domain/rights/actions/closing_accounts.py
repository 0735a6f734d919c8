"""Leaving with an account that has no person: an operator's own. What they did stays in the audit, without them."""

from datetime import datetime

from django.db import transaction

from kliento.domain.accounts import actions as accounts
from kliento.domain.dispatch import actions as dispatch
from kliento.domain.gate.actions import RIGHTS, Refused, open_for_delivery
from kliento.domain.people.queries import person_behind
from kliento.domain.recipients import actions as recipients
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import AccountActor, OperatorActor
from kliento.kernel.errors import Conflict


def close_bare_account(by: AccountActor | OperatorActor, *, language: str, at: datetime) -> None:
    """Close it: every appointment ends, sign-in and address go, a last letter confirms it.

    Raises Conflict for an account with a person, who closes it as such (`close_account`).
    """
    with transaction.atomic(durable=True):
        if person_behind(by.account_id) is not None:
            raise Conflict(code="account_has_person")
        try:
            address = open_for_delivery(by.account_id, purpose=RIGHTS)
            dispatch.post_last_letter("account_closed", address=address, language=language, context={}, at=at)
        except Refused:
            pass  # no address is left to write to
        recipients.end_appointments(by.account_id, at=at)
        accounts.close_account_credentials(by.account_id)
    vault.destroy([by.account_id], at=at)
