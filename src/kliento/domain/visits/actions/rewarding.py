"""Redeeming a reward while the person stands at the till, and undoing it there."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entered_already
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.rules import at_least
from kliento.domain.people.queries import lock_people
from kliento.domain.programmes import actions as programmes
from kliento.domain.programmes.rules import REDEEM_WITHIN, StampsView
from kliento.domain.visits.actions.repeating import entry_for
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotAllowed, NotFound

_BEFORE_LEVELS = "static"  # what a visit was made with before that was kept: a phone or a number
_WHY_NOT = {
    "too_few_stamps": _("There are too few stamps for the reward."),
    "too_weak": _("Ask the customer to show a surer card: the phone’s code, or a printed card where that is enough."),
}


def redeem_at_till(visit_id: UUID, redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView:
    """Spend the stamps of one reward during a visit to these premises; durable when it answers.

    `redemption_id` is made by the till: the same redemption again gets its first answer, and of two tills at once
    exactly one wins. Raises NotFound for visits elsewhere; Conflict "visit_over" (30 minutes after it began),
    "too_weak" (a surer card has to be shown first; the person sees it), "no_card_in_use", "too_few_stamps", or
    "redemption_id_reused"; NotAllowed "not_accepted", which says no more.
    """
    try:
        left = _redeem(visit_id, redemption_id, by=by, at=at)
    except IntegrityError:
        # The same id was being used for somebody else at that moment; by now that is known.
        left = _redeem(visit_id, redemption_id, by=by, at=at)
    if isinstance(left, str):
        raise Conflict(_WHY_NOT[left], code=left)
    return left


def _redeem(visit_id: UUID, redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView | str:
    """The stamps that are left; or the code of why there is no reward, where something is entered all the same."""
    with transaction.atomic(durable=True):
        visit = Visit.objects.filter(id=visit_id, premises_id=by.premises_id, subject_id__isnull=False).first()
        person = lock_people([visit.subject_id]).get(visit.subject_id) if visit and visit.subject_id else None
        if visit is None or person is None:
            raise NotFound(code="unknown_visit")
        again = programmes.redeemed_before(redemption_id, person_id=person.id, by=by)
        if again is not None:
            return again
        visit.refresh_from_db(fields=["disputed_at", "cancelled_at", "overruled_at", "level"])
        if person.state != "active" or not visit.stands:
            raise NotAllowed(_("Not accepted."), code="not_accepted")
        if at > visit.occurred_at + REDEEM_WITHIN:
            raise Conflict(_("Scan the card again: the visit is over."), code="visit_over")
        if not at_least(visit.level or _BEFORE_LEVELS, by.least_to_redeem):
            _enter_refusal(person.id, visit, by=by, at=at)
            return "too_weak"
        left = programmes.redeem(person.id, act_id=redemption_id, by=by, at=at)
        return "too_few_stamps" if left is None else left


def _enter_refusal(person_id: UUID, visit: Visit, *, by: TerminalActor, at: datetime) -> None:
    """Once for each visit and level asked for, however often the button is pressed."""
    entry_id = entry_for("reward refused", visit.id, by.least_to_redeem)
    if not entered_already([entry_id]):
        payload = {"visit_id": str(visit.id), "premises_id": str(visit.premises_id), "wanted": by.least_to_redeem}
        record([NewEntry(person_id, "reward_refused", at, by.third_party_id, payload=payload, id=entry_id)])


def undo_redemption(redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView:
    """Undo a redemption within 10 minutes, at any till of the same third party; again changes nothing.

    Raises NotFound, for those of others too; Conflict "too_late_to_undo".
    """
    return programmes.reverse_redemption(redemption_id, by=by, at=at)
