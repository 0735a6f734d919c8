"""Movements that were entered nowhere by their hash are now, as they stand: from here on the seal covers them.

A stamp that a visit earned is told by its visit's entry. Safe while the previous version runs; what that one still
moves meanwhile has no such entry, and `kliento activity verify` names it.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from uuid import UUID

from django.db import migrations

_BATCH = 1000
_FIELDS = (
    "id", "membership_id", "number", "kind", "amount", "balance", "at", "expires_at", "reverses", "moved_from",
    "visit_id", "act_id", "terminal_id", "operator_id",
)  # fmt: skip


def enter(apps, schema_editor):
    ledger, entries = apps.get_model("programmes", "LedgerEntry"), apps.get_model("activity", "Entry")
    moved = ledger.objects.exclude(kind="earned").order_by("id")
    last = UUID(int=0)
    while rows := list(moved.filter(id__gt=last).values(*_FIELDS)[:_BATCH]):
        last = rows[-1]["id"]
        entered = set(entries.objects.filter(id__in=[row["id"] for row in rows]).values_list("id", flat=True))
        entries.objects.bulk_create(
            entries(
                id=row["id"],
                kind="stamps_moved",
                at=row["at"],
                salt=secrets.token_bytes(16),
                payload={"ledger": str(row["id"]), "row": _hash(row)},
            )
            for row in rows
            if row["id"] not in entered
        )


def _hash(row):
    said = {name: _plainly(value) for name, value in row.items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plainly(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


class Migration(migrations.Migration):
    atomic = False  # a batch at a time: nobody at a till waits for all of them

    dependencies = [("programmes", "0007_bounded_taps"), ("activity", "0006_in_order_of_transactions")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
