"""Where a stamp is by now that a visit earned: it moves with the card it was collected on."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.programmes.queries.ledger import EARNED
from kliento.kernel.rows import Among


@dataclass(frozen=True, slots=True)
class EarnedStamp:
    """What a visit earned. `lot_id`: the entry whose lot it is part of now; `subject_id`: in whose ledger that is.

    `is_taken_back`: the visit did not count after all. One that was spent still stands: the visit has earned it.
    """

    lot_id: UUID
    subject_id: UUID | None
    is_taken_back: bool


def stamps_earned_by(visit_ids: Collection[UUID]) -> dict[UUID, EarnedStamp]:
    """The stamp of each of these visits that earned one, of whoever is still there.

    Two statements, and one for each time that any of them moved.
    """
    rows = LedgerEntry.objects.filter(visit_id__in=Among(visit_ids), kind=EARNED, subject_id__isnull=False)
    earned = rows.values_list("visit_id", "id", "subject_id")
    now = {visit_id: (lot_id, holder) for visit_id, lot_id, holder in earned if visit_id is not None}
    on_the_way = {lot_id: visit_id for visit_id, (lot_id, _holder) in now.items()}
    while on_the_way:
        moved = LedgerEntry.objects.filter(moved_from__in=Among(on_the_way), subject_id__isnull=False)
        further = {
            on_the_way[moved_from]: (lot_id, holder)
            for moved_from, lot_id, holder in moved.order_by("id").values_list("moved_from", "id", "subject_id")
            if moved_from is not None
        }
        now |= further
        on_the_way = {lot_id: visit_id for visit_id, (lot_id, _holder) in further.items()}
    lots = [lot_id for lot_id, _holder in now.values()]
    taken_back = set(LedgerEntry.objects.filter(reverses__in=Among(lots)).values_list("reverses", flat=True))
    return {visit_id: EarnedStamp(lot, holder, lot in taken_back) for visit_id, (lot, holder) in now.items()}
