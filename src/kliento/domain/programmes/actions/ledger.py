"""Adding to the ledger. Whoever adds has locked the member's person, so numbers and balances follow one another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kliento.domain.programmes.models import LedgerEntry, LotUse
from kliento.domain.programmes.rules import Standing, Taking
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
    entry_id = new_id()
    after = replace(standing, number=standing.number + 1, balance=standing.balance + amount)
    LedgerEntry.objects.create(
        id=entry_id,
        membership_id=standing.membership_id,
        number=after.number,
        kind=kind,
        amount=amount,
        balance=after.balance,
        reverses=reverses,
        act_id=act_id,
        terminal_id=by.terminal_id if by else None,
        operator_id=by.operator_id if by else None,
        expires_at=expires_at,
        moved_from=moved_from,
        at=at,
        subject_id=standing.subject_id,
    )
    LotUse.objects.bulk_create(
        LotUse(entry_id=entry_id, lot_id=taking.lot_id, amount=taking.amount) for taking in takings
    )
    return after
