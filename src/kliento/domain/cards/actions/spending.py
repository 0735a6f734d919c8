"""Using rotating codes up: each stands for one scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from kliento.domain.cards import rules
from kliento.domain.cards.queries import Spent, spent_from
from kliento.kernel import sets
from kliento.kernel.statements import Statement

OFFLINE_SCANS_ACCEPTED = timedelta(days=7)
_REMEMBERED_LONGER = timedelta(hours=1)  # than a till could still hand the code in


@dataclass(frozen=True, slots=True)
class Spending:
    """A rotating code about to be used by this scan."""

    digest: bytes
    slot: int
    by: Spent


class Standing(NamedTuple):
    """The scan that a code stands for now, and the one it stood for until that came in, which is later."""

    use: Spent
    overruled: tuple[UUID, UUID] | None


def codes_to_spend(spendings: Sequence[Spending]) -> Statement[dict[bytes, Standing]]:
    """A statement that uses these codes up; the scan that each of them stands for now: of all that were told the lowest
    by time and id.

    Inside the caller's transaction; each digest once. Sorted, so that two writers cannot deadlock.
    """
    if not spendings:
        return Statement.answered({})
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
    return Statement(_SPEND.format(given=table), parameters, _standings)


def _standings(rows: Sequence[tuple[Any, ...]]) -> dict[bytes, Standing]:
    return {bytes(digest): _standing(row) for digest, *row in rows}


def _standing(row: Sequence[Any]) -> Standing:
    *spent, terminal_id, scan_id = row
    overruled = None if scan_id is None else (sets.identifier(terminal_id), sets.identifier(scan_id))
    return Standing(spent_from(spent), overruled)


# Where the row that is there is the lower one the update changes nothing: it makes RETURNING answer with it.
_LOWER = "(excluded.occurred_at, excluded.scan_id) < (cards_spent_code.occurred_at, cards_spent_code.scan_id)"
_TAKEN = ("terminal_id", "premises_id", "scan_id", "occurred_at")
_UPDATE = ", ".join(
    [f"{name} = CASE WHEN {_LOWER} THEN excluded.{name} ELSE cards_spent_code.{name} END" for name in _TAKEN]
    + [
        f"overruled_{name} = CASE WHEN {_LOWER} THEN cards_spent_code.{name} ELSE cards_spent_code.overruled_{name} END"
        for name in ("terminal_id", "scan_id")
    ]
)
_SPEND = f"""
    INSERT INTO cards_spent_code (digest, terminal_id, premises_id, scan_id, occurred_at, expires_at)
    SELECT digest, terminal_id, premises_id, scan_id, occurred_at, expires_at FROM {{given}} AS given
    WHERE true ORDER BY digest
    ON CONFLICT (digest) DO UPDATE SET {_UPDATE}
    RETURNING digest, terminal_id, premises_id, scan_id, occurred_at, overruled_terminal_id, overruled_scan_id
"""  # noqa: S608 - our own column names
