"""A claim code is given to whoever holds the card, while they stand at the till (threat 28)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.actions import GivenCode, make_claim_code
from kliento.domain.cards.rules import CODE_GIVEN_WITHIN
from kliento.domain.visits.queries import visit_of_card
from kliento.kernel.actor import TerminalActor
from kliento.kernel.errors import Conflict


def give_claim_code(visit_id: UUID, *, by: TerminalActor, at: datetime) -> GivenCode:
    """A code that makes the card of this visit somebody's: only within 30 minutes of it, where it was shown in it.

    Entered under the card, and listed for the third party's owner. Raises NotFound for visits elsewhere and for those
    of people; Conflict "visit_over", "card_claimed", "claim_codes_often".
    """
    with transaction.atomic(durable=True):
        visit = visit_of_card(visit_id, terminal_id=by.terminal_id)
        if not visit.occurred_at <= at <= visit.occurred_at + CODE_GIVEN_WITHIN:
            raise Conflict(_("Scan the card again: the visit is over."), code="visit_over")
        given = make_claim_code(
            visit.card_id, visit.medium_id, visit_id=visit_id, visit_at=visit.occurred_at, by=by, at=at
        )
        payload = {"premises_id": str(by.premises_id), "terminal_id": str(by.terminal_id)}
        entry = NewEntry(
            visit.card_id, "claim_code_given", at, by.third_party_id, "service", "contract", payload=payload
        )
        record([entry])
    return given
