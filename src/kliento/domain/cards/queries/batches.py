"""The numbers of blank cards that were just made, for the sheets they are printed on."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kliento.domain.cards import rules
from kliento.domain.cards.models import CardBatch, Medium
from kliento.domain.gate import actions as gate
from kliento.domain.recipients.queries import require
from kliento.domain.recipients.rules import Right
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import NotFound


def numbers_of_batch(batch_id: UUID, *, by: OperatorActor, at: datetime) -> list[str]:
    """The numbers of the batch's cards that are still nobody's, in the order in which they were made, for an hour.

    Raises NotFound "sheets_over" after that, and for batches of others; NotAllowed for roles that may make none.
    """
    require(by, Right.MANAGE_PLACES)
    made = CardBatch.objects.filter(id=batch_id, third_party_id=by.third_party_id, made_at__gt=at - rules.SHEETS_SHOWN)
    if not made.exists():
        raise NotFound(_("These sheets are shown no more. Make new cards."), code="sheets_over")
    media = Medium.objects.filter(card__batch=batch_id, card__person=None, sealed_code__isnull=False).order_by("id")
    sealed = [
        (row.code_owner_id, row.id, bytes(row.sealed_code)) for row in media if row.code_owner_id and row.sealed_code
    ]
    numbers = gate.open_sealed_list(sealed, place="cards_medium.sealed_code", purpose="service")
    return [numbers[row] for _owner, row, _sealed in sealed if row in numbers]
