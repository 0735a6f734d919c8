"""Sealing: entries become leaves of the tree.

A sequence alone would skip a slow transaction: on PostgreSQL only rows of transactions older than every one still
running are taken, ordered by (transaction, sequence). SQLite has one writer at a time. No clock is asked.
"""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, Exists, Func, Max, OuterRef, QuerySet

from kliento.domain.activity.actions.publishing import demand_no_rollback, publish
from kliento.domain.activity.actions.recording import list_erased_before_the_log, record
from kliento.domain.activity.models import Checkpoint, Entry, Epoch, Leaf, Tile
from kliento.domain.activity.queries.proving import edge, newest_checkpoint, newest_origin, signing_key
from kliento.domain.activity.queries.sealed import (
    SEALED_COLUMNS,
    epoch_digest,
    notice_digest,
    notice_entry_id,
    sealable,
)
from kliento.domain.activity.rules import NewEntry, notes
from kliento.domain.activity.rules.leaves import Sealable
from kliento.domain.activity.rules.tiles import Growth
from kliento.domain.policy.queries import notice_numbers, notice_rows
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_rows

log = structlog.get_logger("kliento.activity")
BATCH = 2000


class _OldestRunning(Func):
    """The oldest transaction that may still be running: rows of older ones are all there, or never will be."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    output_field = BigIntegerField()


def seal(*, at: datetime) -> int:
    """Seal what waits, publish the new checkpoint outside the database; how many entries. Memory is flat.

    Each batch is one transaction of a constant number of statements. Raises Conflict (`log_rolled_back`) when the
    database is older than what was published: nothing is signed then until somebody says that it was restored.
    """
    begin(at=at)
    demand_no_rollback(newest_checkpoint)
    sealed = 0
    while taken := _seal_batch():
        sealed += taken
    publish(newest_checkpoint())
    return sealed


def begin(*, at: datetime) -> None:
    """Enter what every log holds, unless it stands there: that the log began, and each notice that was published."""
    if not Epoch.objects.exists():
        with suppress(IntegrityError):  # another process began it at this moment
            _begin_after(0, at=at)
    _enter_notices()


def begin_epoch(*, at: datetime) -> str:
    """Begin the log, or begin it anew after the database was restored from a copy; answers the new origin.

    Nobody else may write meanwhile. The tree goes on; its checkpoints are of another epoch: every witness notices.
    """
    _begin_after(Epoch.objects.aggregate(last=Max("number"))["last"] or 0, at=at)
    return newest_origin()


def _begin_after(known: int, *, at: datetime) -> None:
    """The epoch after that one; nothing, when somebody else has begun it."""
    key = signing_key()
    with transaction.atomic():
        last = Checkpoint.objects.select_for_update().order_by("-epoch").first()
        size = last.size if last else 0
        number = last.epoch + 1 if last else 1
        if number != known + 1:
            return
        host = urlsplit(settings.KLIENTO_URL).netloc
        epoch = Epoch(
            number=number,
            origin=f"{host}/log/{number}-{secrets.token_hex(4)}",
            first_size=size,
            floor_xid=_transactions_so_far() if last else 0,
            floor_seq=(Entry.objects.aggregate(last=Max("seq"))["last"] or 0) if last else 0,
            begun_at=at,
            entry_id=new_id(),
        )
        epoch.save(force_insert=True)
        record([NewEntry(None, "log_begun", at, fields=(epoch_digest(epoch),), id=epoch.entry_id)])
        if last is None:
            list_erased_before_the_log(at=at)
        Checkpoint.objects.create(
            epoch=number,
            size=size,
            note=notes.Checkpoint(epoch.origin, size, Growth(size, edge(size)).root()).signed(key),
            last_xid=epoch.floor_xid,
            last_seq=epoch.floor_seq,
        )
    log.info("log begun", epoch=number, size=size)


def _enter_notices() -> None:
    numbers = {notice_entry_id(number): number for number in notice_numbers()}
    entered = Entry.objects.filter(id__in=numbers).values_list("id", flat=True)
    if waiting := [numbers[each] for each in numbers.keys() - set(entered)]:
        with suppress(IntegrityError), transaction.atomic():  # another process entered them at this moment
            record([_of_notice(row) for row in notice_rows(waiting)])


def _of_notice(row: Mapping[str, Any]) -> NewEntry:
    entry_id = notice_entry_id(row["number"])
    return NewEntry(None, "notice_published", row["published_at"], fields=(notice_digest(row),), id=entry_id)


def _seal_batch() -> int:
    with transaction.atomic():
        checkpoint = Checkpoint.objects.select_for_update().order_by("-epoch").first()
        if checkpoint is None:
            raise Conflict(code="no_log")
        epoch = Epoch.objects.get(number=checkpoint.epoch)
        rows = _left_over(checkpoint, epoch) or _waiting(checkpoint, epoch)
        if rows:
            _append(rows, checkpoint, epoch)
        return len(rows)


def _left_over(checkpoint: Checkpoint, epoch: Epoch) -> list[Sealable]:
    """What a restored database holds without a leaf; looked for until the epoch has sealed something of its own."""
    if not epoch.floor_seq or checkpoint.last_seq > epoch.floor_seq:
        return []
    without_leaf = ~Exists(Leaf.objects.filter(entry_id=OuterRef("id")))
    return _read(Entry.objects.filter(without_leaf, seq__lte=epoch.floor_seq).order_by("seq"))


def _waiting(checkpoint: Checkpoint, epoch: Epoch) -> list[Sealable]:
    entries = Entry.objects.filter(seq__gt=epoch.floor_seq)
    if connection.vendor == "postgresql":
        entries = entries.filter(xid__gte=checkpoint.last_xid, xid__lt=_OldestRunning()).exclude(
            xid=checkpoint.last_xid, seq__lte=checkpoint.last_seq
        )
        return _read(entries.order_by("xid", "seq"))
    return _read(entries.filter(seq__gt=checkpoint.last_seq).order_by("seq"))


def _read(entries: QuerySet[Entry]) -> list[Sealable]:
    return [sealable(row) for row in entries.values_list(*SEALED_COLUMNS)[:BATCH]]


def _append(rows: Sequence[Sealable], checkpoint: Checkpoint, epoch: Epoch) -> None:
    size = checkpoint.size
    growth = Growth(size, edge(size))
    leaves = []
    for index, row in enumerate(rows, start=size):
        payload_hash = row.payload_hash()
        leaf = row.leaf(payload_hash)
        growth.append(leaf)
        leaves.append((index, row.id, payload_hash, leaf))
    insert_rows(Leaf, ("index", "entry_id", "payload_hash", "hash"), leaves)
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in growth.take_changed().items()],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
    checkpoint.size = growth.size
    checkpoint.note = notes.Checkpoint(epoch.origin, growth.size, growth.root()).signed(signing_key())
    if rows[-1].seq > epoch.floor_seq:
        checkpoint.last_xid, checkpoint.last_seq = rows[-1].xid, rows[-1].seq
    checkpoint.save(force_update=True)


def _transactions_so_far() -> int:
    """Every transaction that begins from now on has a greater number; SQLite counts none."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
        return int(cursor.fetchone()[0])
