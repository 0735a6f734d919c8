"""Taking a consent back, by withdrawing it or by saying no when asked again. What is shared on it ends with it.

Every consent is taken back here, so that none goes and leaves something shared behind (R-DAT-2, R-DEL-1).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kliento.domain.consents.actions import SPECIAL_STORAGE, note_refusal, note_withdrawal
from kliento.domain.consents.queries import standing
from kliento.domain.consents.rules import Choice
from kliento.domain.people.queries import lock_self
from kliento.domain.policy.queries import register
from kliento.domain.sharing.actions.ending import end_grant, end_grants
from kliento.kernel.actor import Actor


def withdraw_consent(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Withdraw with immediate effect; never harder than giving it (R-CON-4).

    With the consent to keep a special category ends sharing it with anybody; with the one for a recipient, sharing it
    there; a grant that a consent of earlier left behind ends too. Raises NotAllowed unless `by` is the person, Invalid
    for a choice that is not declared.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        _end_what_rests_on(choice, person_id, by=by, at=at)
        note_withdrawal(person_id, choice, by=by, at=at)


def refuse_consent(person_id: UUID, choice: Choice, *, by: Actor, at: datetime) -> None:
    """Say no when asked; a no to what was agreed to before withdraws it, and what was shared on it ends either way.

    Raises NotAllowed unless `by` is the person.
    """
    with transaction.atomic():
        lock_self(person_id, by=by)
        if choice in standing(person_id):
            withdraw_consent(person_id, choice, by=by, at=at)
        else:
            _end_what_rests_on(choice, person_id, by=by, at=at)
            note_refusal(person_id, choice, by=by, at=at)


def _end_what_rests_on(choice: Choice, person_id: UUID, *, by: Actor, at: datetime) -> None:
    if choice.purpose == SPECIAL_STORAGE:
        end_grants(person_id, register().told_by(choice.field), by=by, at=at)
    elif choice.field and choice.recipient_id:
        end_grant(person_id, choice.recipient_id, choice.field, purpose=choice.purpose, by=by, at=at)
