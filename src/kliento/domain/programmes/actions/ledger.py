"""Adding to the ledger. Whoever adds has locked the member's person, so numbers and balances follow one another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kliento.domain.activity.actions import record
from kliento.domain.activity.rules import NewEntry
from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.domain.programmes.rules import Moved, Standing, Taking
from kliento.kernel.actor import TerminalActor
from kliento.kernel.ids import new_id


def add_movement(
    standing: Standing,
    kind: LedgerEntry.Kind,
    amount: int,
    *,
    takings: Sequence[Taking],
    at: datetime,
    reverses: UUID | None = None,
    act_id: UUID | None = None,
    by: TerminalActor | None = None,
    expires_at: datetime | None = None,
    moved_from: UUID | None = None,
) -> Standing:
    """Add one entry that takes stamps from lots, or with negative takings puts them back; how it stands then.

    One that adds stamps that moved here is a lot itself, with the end it had. `by`: the till, and whoever is on duty.
    """
    after = replace(standing, number=standing.number + 1, balance=standing.balance + amount)
    moved = Moved(
        id=new_id(),
        membership_id=standing.membership_id,
        number=after.number,
        kind=kind.value,
        amount=amount,
        balance=after.balance,
        at=at,
        expires_at=expires_at,
        reverses=reverses,
        moved_from=moved_from,
        act_id=act_id,
        terminal_id=by.terminal_id if by else None,
        operator_id=by.operator_id if by else None,
    )
    LedgerEntry.objects.create(**moved._asdict(), subject_id=standing.subject_id)
    seal_movements([moved], at=at)
    LotUse.objects.bulk_create(
        LotUse(entry_id=moved.id, lot_id=taking.lot_id, amount=taking.amount) for taking in takings
    )
    return after


def seal_movements(moved: Sequence[Moved], *, at: datetime) -> None:
    """Enter each of these movements by its hash, so that it is sealed with the log. One statement.

    An entry of nobody's, under the movement's own id: what a person reads of it stands in the entry of the act. A stamp
    that a visit earned is in the visit's entry instead (`earning`).
    """
    record([NewEntry(None, "stamps_moved", at, payload=each.mark, id=each.id) for each in moved])
