"""Redeeming a reward while the card's holder stands at the till, and undoing it there.

With an unregistered card too: its stamps are its holder's as much as anybody's (R-REG-1, docs/decisions/0025).
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entered_already
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.queries import lock_holder
from kliento.domain.programmes import actions as programmes
from kliento.domain.programmes.rules import REDEEM_WITHIN, StampsView
from kliento.domain.visits.actions.repeating import entry_for
from kliento.domain.visits.models import Visit
from kliento.domain.visits.queries import stamps_counted_already
from kliento.domain.visits.rules import enough_for_reward
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict, NotAllowed, NotFound

_WHY_NOT = {
    "too_few_stamps": _("There are too few stamps for the reward."),
    "too_weak": _("Ask the customer to show a surer card: the phone’s code, or a printed card where that is enough."),
    "claim_first": _("This card alone is not enough for a reward. With a claim code it can be brought to an account."),
}


def redeem_at_till(visit_id: UUID, redemption_id: UUID, *, by: TerminalActor, at: datetime) -> StampsView:
    """Spend the stamps of one reward during a visit to these premises; durable when it answers.

    `redemption_id` is made by the till: the same redemption again gets its first answer, and of two tills at once
    exactly one wins. Raises NotFound for visits elsewhere; Conflict "visit_over" (30 minutes after it began),
    "too_weak" (a surer card has to be shown first; the person sees it), "claim_first" (the same of an unregistered
    card, which has none), "no_card_in_use", "too_few_stamps", or "redemption_id_reused"; NotAllowed "not_accepted",
    which says no more.
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
        holder = lock_holder(visit.subject_id) if visit and visit.subject_id else None
        if visit is None or visit.subject_id is None or holder is None:
            raise NotFound(code="unknown_visit")
        again = programmes.redeemed_before(redemption_id, subject_ids={visit.subject_id, holder.id}, by=by)
        if again is not None:
            return again
        visit.refresh_from_db(fields=["disputed_at", "cancelled_at", "overruled_at", "level"])
        if holder.state != "active" or not visit.stands:
            raise NotAllowed(_("Not accepted."), code="not_accepted")
        if at > visit.occurred_at + REDEEM_WITHIN:
            raise Conflict(_("Scan the card again: the visit is over."), code="visit_over")
        if not enough_for_reward(visit.level, wanted=by.least_to_redeem):
            _enter_refusal(holder.id, visit, by=by, at=at)
            return "claim_first" if holder.is_card else "too_weak"
        left = programmes.redeem(holder.id, act_id=redemption_id, by=by, at=at)
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
    return programmes.reverse_redemption(redemption_id, staying=stamps_counted_already, by=by, at=at)
