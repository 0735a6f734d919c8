"""A sealed log, somebody who owns its database, and a witness."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from kliento.domain.activity.actions import cover_subject, erase_person, record
from kliento.domain.activity.models import Checkpoint, Counter, Entry, Epoch, Erased, Leaf, Tile
from kliento.domain.activity.queries.proving import newest_checkpoint, signing_key
from kliento.domain.activity.queries.sealed import SEALED_COLUMNS, sealable
from kliento.domain.activity.queries.verifying import find_tampering
from kliento.domain.activity.rules import NewEntry, notes
from kliento.domain.activity.rules.tiles import Growth
from kliento.kernel.ids import new_id
from tests.domain.activity.another_verifier import wrong_places
from tests.domain.activity.another_verifier_of_rows import wrong_rows
from tests.sealed import seal

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
COUNT = 300
VICTIM = 123  # the leaf somebody wants changed


@dataclass
class Log:
    """A sealed log, and what a witness kept of it."""

    aino: UUID
    witnessed: str


def sealed_log() -> Log:
    """Aino's entries, those of somebody who left, and a few that came after the witness had looked."""
    aino, eino, shop = new_id(), new_id(), new_id()
    entered(aino, 5)
    entered(eino, 4)
    seal(at=AT)
    left(eino)
    entered(aino, COUNT, recipient_id=shop, until=AT)
    seal(at=AT)
    witnessed = newest_checkpoint()
    entered(aino, 3)
    seal(at=AT)
    assert found(witnessed) == wrong_places(witnessed, signing_key().public_key()) == []
    return Log(aino, witnessed)


def entered(subject_id: UUID, count: int = 1, **more: Any) -> None:
    with transaction.atomic():
        record(
            [
                NewEntry(subject_id, "data_downloaded", AT, fields=("first_name",), payload={"n": n}, **more)
                for n in range(count)
            ]
        )


def left(subject_id: UUID) -> None:
    with transaction.atomic():
        cover_subject(subject_id, at=AT)
    erase_person(subject_id, at=AT)


def found(*witnessed: str) -> list[str]:
    return [str(finding) for finding in find_tampering(witnessed, progress=lambda done, size: None)]


def demand_named(log: Log, *places: str) -> None:
    """Both verifiers find something, and ours names one of these places."""
    findings = found(log.witnessed)
    assert any(place in finding for finding in findings for place in places), findings
    assert wrong_places(log.witnessed, signing_key().public_key())


def demand_rows_named(witnessed: str, *places: str, says: str = "") -> None:
    """Both verifiers name each of these rows, which are sealed with entries; ours says this of it."""
    ours, theirs = found(witnessed), otherwise_found(witnessed)
    for place in places:
        assert any(place in each and says in each for each in ours), (place, ours)
        assert any(place in each for each in theirs), (place, theirs)


def otherwise_found(witnessed: str) -> list[str]:
    """What the second verifier finds: in the log beside what the witness saw, and in rows sealed with entries."""
    return [*wrong_places(witnessed, signing_key().public_key()), *wrong_rows()]


def as_owner(statement: str, parameters: tuple[Any, ...] = ()) -> None:
    """As whoever owns the database does it: with the triggers of the one table off that is written to."""
    [table] = re.findall(r"^(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)", statement)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", (table,))
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, parameters)


def key_of(identifier: UUID) -> object:
    return identifier if connection.vendor == "postgresql" else identifier.hex


def rewritten(*, upto: int | None = None, reseal: bool = False) -> None:
    """Everything computed and signed anew over the rows as they are, or over the first so many; the rest is deleted."""
    checkpoint, epoch = Checkpoint.objects.get(), Epoch.objects.get()
    if upto is not None:
        kept = list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)[:upto])
        keys = [key_of(each) for each in kept]
        marks = ", ".join(["%s"] * len(keys))
        as_owner(f"DELETE FROM activity_entry WHERE id NOT IN ({marks})", tuple(keys))
        Counter.objects.all().delete()
        Erased.objects.exclude(entry_id__in=kept).delete()
        for subject, number in (
            Entry.objects.exclude(subject_id=None).values_list("subject_id").annotate(models.Max("number"))
        ):
            Counter.objects.create(subject_id=subject, last_number=number)
    order = list(Leaf.objects.order_by("index").values_list("entry_id", flat=True))
    entries = {entry.id: entry for entry in Entry.objects.all()}
    order = [each for each in order if each in entries]
    if reseal:
        order += [
            each.id for each in sorted(entries.values(), key=lambda entry: entry.seq) if each.id not in set(order)
        ]
    hidden_of = dict(Leaf.objects.values_list("entry_id", "payload_hash"))
    Leaf.objects.all().delete()
    Tile.objects.all().delete()
    growth = Growth()
    for index, identifier in enumerate(order):
        row = sealable(Entry.objects.filter(id=identifier).values_list(*SEALED_COLUMNS)[0])
        hidden = bytes(hidden_of[identifier]) if row.is_erased else row.payload_hash()
        growth.append(row.leaf(hidden))
        Leaf.objects.create(index=index, entry_id=identifier, payload_hash=hidden, hash=row.leaf(hidden))
    for (level, index), hashes in growth.take_changed().items():
        Tile.objects.create(level=level, index=index, hashes=hashes)
    last = entries[order[-1]]
    checkpoint.size, checkpoint.last_xid, checkpoint.last_seq = growth.size, last.xid, last.seq
    checkpoint.note = notes.Checkpoint(epoch.origin, growth.size, growth.root()).signed(signing_key())
    checkpoint.save()
