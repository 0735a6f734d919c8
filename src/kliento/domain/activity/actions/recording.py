"""Writing the log: always within the transaction of the act that is entered, so neither can exist without the other."""

import secrets
from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from kliento.domain.activity.models import Counter, Cover, Entry, Erased
from kliento.domain.activity.queries import load_kinds
from kliento.domain.activity.rules import NewEntry, check_entry, numbered
from kliento.domain.activity.rules.leaves import digest_of_erased
from kliento.kernel import sets
from kliento.kernel.ids import new_id
from kliento.kernel.rows import insert_rows
from kliento.kernel.statements import Statement, ask

BATCH = 1000
_COLUMNS = (
    "id",
    "subject_id",
    "number",
    "kind",
    "recipient_id",
    "purpose",
    "basis",
    "fields",
    "at",
    "until",
    "salt",
    "payload",
)


def record(entries: Sequence[NewEntry]) -> list[UUID]:
    """Enter what happened and return the entries' ids, in order. At most 2 statements for any number of entries.

    Numbers run without gaps within a subject: its counter row stays locked until the caller's transaction ends. Raises
    TransactionManagementError outside a transaction, Invalid for a kind nobody declared.
    """
    _demand_transaction()
    load_kinds()
    for entry in entries:
        check_entry(entry)
    listed = list(entries)
    last = _count(Tally(entry.subject_id for entry in listed if entry.subject_id is not None))
    ids = [entry.id or new_id() for entry in listed]
    insert_rows(
        Entry,
        _COLUMNS,
        [
            (
                identifier,
                entry.subject_id,
                number,
                entry.kind,
                entry.recipient_id,
                entry.purpose,
                entry.basis,
                entry.fields,
                entry.at,
                entry.until,
                secrets.token_bytes(16),
                dict(entry.payload),
            )
            for identifier, entry, number in zip(ids, listed, numbered(listed, last), strict=True)
        ],
    )
    return ids


def cover_subject(subject_id: UUID, *, at: datetime) -> None:
    """Let append-only rows lose this subject from now on; part of the transaction that begins an erasure."""
    _demand_transaction()
    Cover.objects.get_or_create(subject_id=subject_id, defaults={"at": at})


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Bring every entry of the person to the erased shape, 1000 a transaction; can be run again after a crash.

    Needs `cover_subject` before it: without a cover the triggers refuse. Each transaction enters what it erased, so
    that the seal tells an erasure from a row that somebody emptied.
    """
    while True:
        with transaction.atomic():
            erased = _erase(Entry.objects.filter(subject_id=person_id), at=at)
        if erased < BATCH:
            break
    with transaction.atomic():
        Counter.objects.filter(subject_id=person_id).delete()


def erase_entries_before(subject_id: UUID, *, before: datetime, at: datetime) -> None:
    """Bring a subject's entries of before then to the erased shape, and enter it. Needs `cover_subject` before it."""
    _demand_transaction()
    while _erase(Entry.objects.filter(subject_id=subject_id, at__lt=before), at=at) == BATCH:
        pass


def _erase(entries: QuerySet[Entry], *, at: datetime) -> int:
    batch = list(entries.order_by("number").values_list("seq", "id")[:BATCH])
    if batch:
        ids = [entry_id for _, entry_id in batch]
        Entry.objects.filter(seq__in=[seq for seq, _ in batch]).update(subject_id=None, salt=None, payload=None)
        _list_erased(ids, at=at)
    return len(batch)


def list_erased_before_the_log(*, at: datetime) -> None:
    """What was erased before there was a seal is listed once, when the log begins."""
    ids = list(
        Entry.objects.filter(salt=None).exclude(id__in=Erased.objects.values("entry_id")).values_list("id", flat=True)
    )
    if ids:
        _list_erased(ids, at=at)


def _list_erased(ids: Sequence[UUID], *, at: datetime) -> None:
    fields = (digest_of_erased(ids), str(len(ids)))
    [erasure_id] = record([NewEntry(None, "entries_erased", at, fields=fields)])
    insert_rows(Erased, ("entry_id", "erasure_id"), [(entry_id, erasure_id) for entry_id in ids])


def _count(added: Tally[UUID]) -> dict[UUID, int]:
    """Add to the counters of these subjects and keep them locked; answers with the new last numbers. One statement.

    Sorted, so that two batches with the same subjects wait for each other instead of deadlocking.
    """
    if not added:
        return {}
    steps, parameters = sets.given(
        connection, {"subject_id": "uuid", "step": "bigint"}, [(subject, added[subject]) for subject in sorted(added)]
    )
    counted = ask(Statement(_COUNTED.format(steps=steps), parameters, list))
    return {sets.identifier(subject): last for subject, last in counted}


_COUNTED = """
    INSERT INTO activity_counter SELECT subject_id, step FROM {steps} AS steps WHERE true
    ON CONFLICT (subject_id) DO UPDATE SET last_number = activity_counter.last_number + excluded.last_number
    RETURNING subject_id, last_number
"""


def _demand_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An Activity entry belongs to the transaction of its act.")
