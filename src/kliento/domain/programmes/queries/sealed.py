"""Movements of the ledger as the verification of Activity asks about them (`activity.queries.verifying.rows`).

A stamp that a visit earned is sealed with the visit's entry, every other movement with one of nobody's that has the
movement's own id. Each says how many stamps there are after it, so what a ledger comes to is sealed with it.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from kliento.domain.activity.rules.rows import OwingRow, SealedRow, SealedRows
from kliento.domain.programmes.models import LedgerEntry, Membership
from kliento.domain.programmes.rules import Moved
from kliento.kernel import sets
from kliento.kernel.rows import Among

_EARNED = LedgerEntry.Kind.EARNED
_CONTRADICTIONS = """
    SELECT membership_id, number FROM (
        SELECT membership_id, number, balance, amount,
               LAG(number, 1, 0) OVER ledger AS number_before, LAG(balance, 1, 0) OVER ledger AS balance_before
        FROM programmes_ledger_entry
        WINDOW ledger AS (PARTITION BY membership_id ORDER BY number)
    ) AS each
    WHERE number <> number_before + 1 OR balance <> balance_before + amount
    UNION ALL
    SELECT entry.membership_id, entry.number
    FROM programmes_ledger_entry AS entry
    LEFT JOIN (SELECT entry_id, SUM(amount) AS amount FROM programmes_lot_use GROUP BY entry_id) AS taken
        ON taken.entry_id = entry.id
    WHERE entry.amount + COALESCE(taken.amount, 0) <> 0 AND entry.kind <> 'earned'
        AND NOT (entry.kind = 'moved' AND entry.amount > 0 AND taken.amount IS NULL)
    UNION ALL
    SELECT lot.membership_id, lot.number
    FROM programmes_ledger_entry AS lot
    JOIN (SELECT lot_id, SUM(amount) AS amount FROM programmes_lot_use GROUP BY lot_id) AS taken
        ON taken.lot_id = lot.id
    WHERE taken.amount < 0 OR taken.amount > lot.amount
    UNION ALL
    SELECT COALESCE(entry.membership_id, lot.membership_id), COALESCE(entry.number, lot.number)
    FROM programmes_lot_use AS used
    LEFT JOIN programmes_ledger_entry AS entry ON entry.id = used.entry_id
    LEFT JOIN programmes_ledger_entry AS lot ON lot.id = used.lot_id
    WHERE (entry.id IS NOT NULL OR lot.id IS NOT NULL)
        AND (entry.id IS NULL OR lot.id IS NULL OR lot.membership_id <> entry.membership_id
            OR entry.kind = 'earned' OR (used.amount <> 0 AND used.amount * entry.amount >= 0))
"""


def _rows(ids: Collection[UUID]) -> dict[UUID, SealedRow]:
    rows = LedgerEntry.objects.filter(id__in=Among(ids)).values_list(*Moved._fields, "subject_id")
    found = ((Moved(*row[:-1]), row[-1]) for row in rows)
    return {
        moved.id: SealedRow(hash=str(moved.mark["row"]), subject_id=subject_id, may_be_nobodys=False)
        for moved, subject_id in found
    }


def _owing() -> Iterator[OwingRow]:
    card = Membership.objects.filter(id=OuterRef("membership_id"))
    issuer = Subquery(card.values("programme__third_party_id"))
    earned = LedgerEntry.objects.filter(kind=_EARNED, subject_id__isnull=False).order_by("subject_id", "at")
    rows = earned.values_list("id", "subject_id", issuer, "at")
    for entry_id, subject_id, third_party_id, at in rows.iterator(chunk_size=2000):
        yield OwingRow(entry_id, subject_id, "visit", third_party_id, at)
    for entry_id, at in LedgerEntry.objects.exclude(kind=_EARNED).values_list("id", "at").iterator(chunk_size=2000):
        yield OwingRow(entry_id, None, "stamps_moved", None, at)


def _contradictions() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTIONS)
        while found := cursor.fetchmany(1000):
            for membership_id, number in found:
                yield f"loyalty card {sets.identifier(membership_id)}, movement {number}"


SEALED_ROWS = {"ledger": SealedRows(rows=_rows, owing=_owing, contradictions=_contradictions)}
"""Movements are sealed with entries of Activity."""
