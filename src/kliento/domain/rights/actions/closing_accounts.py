"""Leaving with an account that has no person: an operator's own. What they did stays in the audit, without them.

Keys are destroyed after the main transaction, which puts that into the outbox: an interruption is taken up again.
"""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure
from django.db import transaction

from kliento.domain.accounts import actions as accounts
from kliento.domain.dispatch import actions as dispatch
from kliento.domain.gate.actions import RIGHTS, Refused, open_for_delivery
from kliento.domain.outbox.actions import enqueue
from kliento.domain.people.queries import person_behind
from kliento.domain.recipients import actions as recipients
from kliento.domain.vault import actions as vault
from kliento.kernel.actor import AccountActor, OperatorActor
from kliento.kernel.errors import Conflict, KlientoError

log = structlog.get_logger("kliento.rights")
DESTROY = "rights.destroy_account_key"


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
        enqueue(DESTROY, ref=str(by.account_id), at=at)
    try:
        destroy_account_key(by.account_id, at=at)
    except (KlientoError, DatabaseFailure) as error:
        log.warning("closing interrupted", exc_info=error, reason=getattr(error, "code", None))


def destroy_account_key(account_id: UUID, *, at: datetime) -> None:
    """What was sealed for a closed account goes, with its key. Repeatable. Raises Conflict: try again later."""
    vault.destroy([account_id], at=at)
