"""Destroying keys, sweeping those nobody needs, and re-wrapping them into a new epoch.

A destroyed key is gone from the database and its log at once, and from old backups when the epoch key that wrapped it
is destroyed (`rotate_keys`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from kliento.domain.vault.actions.pairing import pair_databases
from kliento.domain.vault.models import DataKey, Erasure, Owner, Value
from kliento.domain.vault.queries import data_keys, erasure_hash
from kliento.domain.vault.rules import epoch_of, wrap
from kliento.kernel import sets
from kliento.kernel.errors import Conflict
from kliento.kernel.keyring import EPOCH_PREFIX
from kliento.kernel.rows import Among, insert_new_rows

BATCH = 1000
ORPHANED_AFTER = timedelta(days=1)
ORPHANED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: how many data keys it re-wrapped, which epochs' keys it destroyed."""

    rewrapped: int
    destroyed: tuple[str, ...]


def destroy(owner_ids: Collection[UUID], *, at: datetime) -> None:
    """Destroy the keys of these owners, then delete what they sealed; enter them on the erasure list.

    Three steps that can be repeated after a crash: keys and list, the database's log, the values. Refused inside a
    transaction, because a rollback could not bring a key back. Raises Conflict while a reader keeps the old log open;
    the keys are destroyed by then, so try again later.
    """
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("Destroying a key cannot be rolled back: commit first.")
    with transaction.atomic(using="keys", durable=True):
        insert_new_rows(Erasure, ("subject_hash", "at"), [(erasure_hash(owner_id), at) for owner_id in owner_ids])
        DataKey.objects.filter(owner_id__in=Among(owner_ids)).delete()
    _forget_deleted_keys()
    with transaction.atomic():  # locks the owner first, as sealing does: no deadlock
        Owner.objects.filter(owner_id__in=Among(owner_ids)).delete()
        Value.objects.filter(owner_id__in=Among(owner_ids)).delete()


def sweep_orphans(at: datetime) -> int:
    """Delete keys whose owner never came to be, because the act that would have sealed something was rolled back.

    Only keys untouched for a day; an owner without anything sealed has no `Owner` row. A key older than 30 days is
    spared: earlier sweeps left it, so its owner was known and is missing now. Answers with the number. Raises Conflict
    when the main database is not the one these keys belong to.
    """
    pair_databases()
    swept, last = 0, UUID(int=0)
    untouched = {"made_at__gte": at - ORPHANED_BEFORE, "made_at__lt": at - ORPHANED_AFTER}
    while True:
        old = DataKey.objects.filter(owner_id__gt=last, **untouched).order_by("owner_id")
        batch = list(old.values_list("owner_id", flat=True)[:BATCH])
        known = set(Owner.objects.filter(owner_id__in=Among(batch)).values_list("owner_id", flat=True))
        orphans = [owner_id for owner_id in batch if owner_id not in known]
        with transaction.atomic(using="keys", durable=True):
            deleted, _ = DataKey.objects.filter(owner_id__in=Among(orphans), **untouched).delete()
        swept += deleted
        if len(batch) < BATCH:
            break
        last = batch[-1]
    if swept:
        _forget_deleted_keys()
    return swept


def rotate_keys(*, at: datetime) -> Rotation:
    """Re-wrap every data key under the epoch of `at`, then destroy the keys of epochs that wrap nothing any more.

    Values are not touched. An epoch's key goes the day after its month ended at the earliest: a process that began to
    make a data key in the last second of the month may still be writing it.
    """
    epoch = epoch_of(at)
    rewrapped = 0
    while batch := list(DataKey.objects.exclude(epoch=epoch).values_list("owner_id", flat=True)[:BATCH]):
        _rewrap(batch, epoch)
        rewrapped += len(batch)
    if rewrapped:
        _forget_deleted_keys()
    kept = {*DataKey.objects.values_list("epoch", flat=True).distinct(), epoch_of(at - timedelta(days=1))}
    made = [name.removeprefix(EPOCH_PREFIX) for name in settings.KEYRING.names(EPOCH_PREFIX)]
    past = tuple(name for name in made if name < epoch and name not in kept)
    for name in past:
        settings.KEYRING.destroy(f"{EPOCH_PREFIX}{name}")
    return Rotation(rewrapped, past)


def _rewrap(owner_ids: list[UUID], epoch: str) -> None:
    epoch_key = settings.KEYRING.epoch_key(epoch)
    with transaction.atomic(using="keys", durable=True):
        locked = DataKey.objects.filter(owner_id__in=Among(owner_ids)).order_by("owner_id").select_for_update()
        present = list(locked.values_list("owner_id", flat=True))
        if not present:
            return
        keys = data_keys(present)
        rows, parameters = sets.given(
            connections["keys"],
            {"owner_id": "uuid", "wrapped": "bytea"},
            [(owner_id, wrap(epoch_key, keys.of(owner_id))) for owner_id in present],
        )
        with connections["keys"].cursor() as cursor:
            cursor.execute(
                f"UPDATE vault_data_key SET wrapped = fresh.wrapped, epoch = %s FROM {rows} AS fresh"  # noqa: S608 - placeholders only
                " WHERE vault_data_key.owner_id = fresh.owner_id",
                [epoch, *parameters],
            )


def _forget_deleted_keys() -> None:
    """Remove what the database keeps of deleted rows: dead rows on PostgreSQL, the log on SQLite.

    (SQLite's `secure_delete` has zeroed the pages; emptying the log waits for readers as long as the connection does.)
    """
    keys = connections["keys"]
    with keys.cursor() as cursor:
        if keys.vendor == "postgresql":
            cursor.execute("VACUUM vault_data_key")
            return
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, _pages, _moved) = cursor.fetchone()
    if busy:
        raise Conflict(code="keys_log_busy")
