"""Redeeming a reward while the person stands at the till, and undoing it there."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.people.queries import lock_people
from kliento.domain.programmes import actions as programmes
from kliento.domain.programmes.rules import REDEEM_WITHIN, StampsView
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotAllowed, NotFound


def redeem_at_till(visit_id: UUID, redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView:
    """Spend the stamps of one reward during a visit to these premises; durable when it answers.

    `redemption_id` is made by the till: the same redemption again gets its first answer, and of two tills at once
    exactly one wins. Raises NotFound for visits elsewhere; Conflict "visit_over" (30 minutes after it began),
    "no_card_in_use", "too_few_stamps", or "redemption_id_reused"; NotAllowed "not_accepted", which says no more.
    """
    try:
        left = _redeem(visit_id, redemption_id, by=by, at=at)
    except IntegrityError:
        # The same id was being used for somebody else at that moment; by now that is known.
        left = _redeem(visit_id, redemption_id, by=by, at=at)
    if left is None:
        raise Conflict(_("There are too few stamps for the reward."), code="too_few_stamps")
    return left


def _redeem(visit_id: UUID, redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView | None:
    """None: there are too few stamps, and what ran out is entered all the same."""
    with transaction.atomic(durable=True):
        visit = Visit.objects.filter(id=visit_id, premises_id=by.premises_id, subject_id__isnull=False).first()
        person = lock_people([visit.subject_id]).get(visit.subject_id) if visit and visit.subject_id else None
        if visit is None or person is None:
            raise NotFound(code="unknown_visit")
        again = programmes.redeemed_before(redemption_id, person_id=person.id, by=by)
        if again is not None:
            return again
        visit.refresh_from_db(fields=["disputed_at", "cancelled_at", "overruled_at"])
        if person.state != "active" or not visit.stands:
            raise NotAllowed(_("Not accepted."), code="not_accepted")
        if at > visit.occurred_at + REDEEM_WITHIN:
            raise Conflict(_("Scan the card again: the visit is over."), code="visit_over")
        return programmes.redeem(person.id, act_id=redemption_id, by=by, at=at)


def undo_redemption(redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView:
    """Undo a redemption within 10 minutes, at any till of the same third party; again changes nothing.

    Raises NotFound, for those of others too; Conflict "too_late_to_undo".
    """
    return programmes.reverse_redemption(redemption_id, by=by, at=at)
