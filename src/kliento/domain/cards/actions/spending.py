"""Using rotating codes up: each stands for one scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from kliento.domain.cards import rules
from kliento.domain.cards.queries import Spent, spent_from
from kliento.kernel import sets

OFFLINE_SCANS_ACCEPTED = timedelta(days=7)
_REMEMBERED_LONGER = timedelta(hours=1)  # than a till could still hand the code in


@dataclass(frozen=True, slots=True)
class Spending:
    """A rotating code about to be used by this scan."""

    digest: bytes
    slot: int
    by: Spent


def spend_codes(spendings: Sequence[Spending]) -> dict[bytes, Spent]:
    """Use these codes up; the scan that each of them stands for now: the given one, or whoever was first.

    One statement. Inside the caller's transaction; each digest once. Sorted, so that two writers cannot deadlock.
    """
    if not spendings:
        return {}
    rows = sorted(spendings, key=lambda spending: spending.digest)
    table, parameters = sets.given(
        connection,
        {
            "digest": "bytea",
            "terminal_id": "uuid",
            "premises_id": "uuid",
            "scan_id": "uuid",
            "occurred_at": "timestamptz",
            "expires_at": "timestamptz",
        },
        [
            (
                row.digest,
                row.by.terminal_id,
                row.by.premises_id,
                row.by.scan_id,
                row.by.occurred_at,
                rules.end_of_slot(row.slot) + OFFLINE_SCANS_ACCEPTED + _REMEMBERED_LONGER,
            )
            for row in rows
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(_SPEND.format(given=table), parameters)
        return {bytes(digest): spent_from(spent) for digest, *spent in cursor.fetchall()}


# The update changes nothing: it makes RETURNING answer with the row that was there first.
_SPEND = """
    INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)
    SELECT digest, terminal_id, premises_id, scan_id, occurred_at, expires_at FROM {given} AS given
    WHERE true ORDER BY digest
    ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest
    RETURNING digest, terminal_id, premises_id, scan_id, occurred_at
"""
