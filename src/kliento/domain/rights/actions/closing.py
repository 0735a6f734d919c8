"""Leaving. Three boundaries, because keys are never in one transaction with what they open:

1. main: person to `erasing`, the cover that lets append-only rows lose them, sessions out, media blocked, last letter,
   and recipients told to delete what left to them
2. keys: entry on the erasure list, keys destroyed; then the sealed values
3. main, 1000 rows a transaction: every package brings its facts to the erased shape; at the end person to `erased`

After the first nothing about the person is served any more. The others can be repeated: whatever was interrupted is
taken up again every few minutes (`tasks.py`).
"""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import Error as DatabaseFailure
from django.db import transaction

from kliento.domain.accounts import actions as accounts
from kliento.domain.activity import actions as activity
from kliento.domain.activity.rules import NewEntry
from kliento.domain.alerts import actions as alerts
from kliento.domain.cards import actions as cards
from kliento.domain.cards.queries import claimed_by
from kliento.domain.claiming import actions as claiming
from kliento.domain.consents import actions as consents
from kliento.domain.dispatch import actions as dispatch
from kliento.domain.gate.actions import RIGHTS, Refused, open_for_delivery
from kliento.domain.inbox import actions as inbox
from kliento.domain.outbox import actions as outbox
from kliento.domain.people import actions as people
from kliento.domain.people.queries import being_erased, lock_people, owners_of
from kliento.domain.policy.queries import register
from kliento.domain.programmes import actions as programmes
from kliento.domain.questions import actions as questions
from kliento.domain.recipients import actions as recipients
from kliento.domain.rights.rules import may_close
from kliento.domain.sharing import actions as sharing
from kliento.domain.vault import actions as vault
from kliento.domain.visits import actions as visits
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Conflict, KlientoError, NotFound

log = structlog.get_logger("kliento.rights")
# What leads to the person goes first, so that nothing new is entered about them while the rest is brought into shape.
ERASING = (cards, programmes, questions, sharing, visits, recipients, consents, alerts, inbox, dispatch, outbox)


def close_account(by: PersonActor, *, language: str, at: datetime) -> None:
    """Close the account and erase the person (R-DEL-1). There is no way back.

    A card they claimed within seven days is on its own again, others go with them (docs/decisions/0025). A last letter
    confirms it; its address is sealed under a key of its own until it has left. Once the first boundary is behind, the
    account is closed whatever happens to the rest. Raises NotFound for one that is closed already.
    """
    with transaction.atomic(durable=True):
        person = lock_people([by.person_id]).get(by.person_id)
        if person is None or not may_close(person.state):
            raise NotFound(code="unknown_person")
        accounts.end_sessions(by.account_id)  # before the entry, as a change of password has it: no deadlock
        address = _address(by.account_id)
        if address is not None:
            dispatch.post_last_letter("account_closed", address=address, language=language, context={}, at=at)
        claiming.undo_open_claims(by.person_id, at=at)
        basis = register().purpose(RIGHTS).basis
        sharing.end_everything(by.person_id, at=at)  # while the log still tells what left to whom (R-DEL-3)
        activity.record([NewEntry(by.person_id, "account_closed", at, purpose=RIGHTS, basis=basis)])
        activity.cover_subject(by.person_id, at=at)
        people.begin_erasure(by.person_id, at=at)
        cards.block_media(by.person_id, at=at)
    _try_to_finish(by.person_id, at=at)


def finish_closings(*, at: datetime) -> int:
    """Take up every closing that was interrupted; how many there were.

    One that cannot be finished now keeps nobody else waiting; Conflict is raised after the last one.
    """
    interrupted = being_erased()
    finished = [_try_to_finish(person_id, at=at) for person_id in interrupted]
    if not all(finished):
        raise Conflict(code="closings_unfinished")
    return len(interrupted)


def finish_closing(person_id: UUID, *, at: datetime) -> None:
    """Everything after the first boundary, from wherever it stopped."""
    vault.destroy([*owners_of(person_id), *claimed_by(person_id)], at=at)
    claiming.erase_claimed(person_id, at=at)
    for package in ERASING:
        package.erase_person(person_id, at=at)
    activity.erase_person(person_id, at=at)
    with transaction.atomic(durable=True):
        lock_people([person_id])
        activity.erase_person(person_id, at=at)  # what somebody who found the person in time has entered since
        people.erase_person(person_id, at=at)


def _try_to_finish(person_id: UUID, *, at: datetime) -> bool:
    """Whether it came to its end; otherwise the clock takes it up again."""
    try:
        finish_closing(person_id, at=at)
    except (KlientoError, DatabaseFailure) as error:
        log.warning("closing interrupted", exc_info=error, reason=getattr(error, "code", None))
        return False
    return True


def _address(account_id: UUID) -> str | None:
    try:
        return open_for_delivery(account_id, purpose=RIGHTS)
    except Refused:
        return None
