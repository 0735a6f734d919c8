"""Taking back what many visits earned at once, because they do not count: as few statements for many as for one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kliento.domain.programmes.actions.ledger import seal_movements
from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.domain.programmes.queries.ledger import lots_earned_by
from kliento.domain.programmes.queries.memberships import standings_of
from kliento.domain.programmes.rules import Moved
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_rows

_COLUMNS = (*Moved._fields, "subject_id")
_USED = ("id", "entry_id", "lot_id", "amount")


def reverse_earnings(visit_ids: Collection[UUID], *, at: datetime) -> None:
    """Take back what is left of the stamps these visits earned; what was spent stays spent.

    Inside the caller's transaction, with the people locked; the caller enters the act. A visit that earned nothing, or
    was reversed already, changes nothing. Stamps of unregistered cards, which move when one is claimed, are not meant:
    only people show rotating codes.
    """
    lots = lots_earned_by(visit_ids)
    standings = standings_of({membership_id for membership_id, _ in lots}, at=at) if lots else {}
    entries: list[Moved] = []
    subjects: list[UUID] = []
    used: list[tuple[object, ...]] = []
    for membership_id, lot in lots:
        before = standings[membership_id]
        after = standings[membership_id] = replace(before, number=before.number + 1, balance=before.balance - lot.left)
        moved = Moved(
            id=new_id(),
            membership_id=membership_id,
            number=after.number,
            kind=LedgerEntry.Kind.REVERSED.value,
            amount=-lot.left,
            balance=after.balance,
            at=at,
            reverses=lot.entry_id,
        )
        entries.append(moved)
        subjects.append(after.subject_id)
        if lot.left:
            used.append((new_id(), moved.id, lot.entry_id, lot.left))
    insert_rows(LedgerEntry, _COLUMNS, [(*moved, whose) for moved, whose in zip(entries, subjects, strict=True)])
    seal_movements(entries, at=at)
    insert_rows(LotUse, _USED, used)
