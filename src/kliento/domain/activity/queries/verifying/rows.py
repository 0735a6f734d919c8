"""Rows of other packages that are sealed with the entry about them.

Such an entry says in its payload which row it is about and carries that row's hash: `{"event": ID, "row": HASH}`. The
package offers in its `queries` what tells of the rows as they stand: `SEALED_ROWS = {"event": SealedRows(...)}`. The
hash covers what no erasure takes of the row; whose it is must be who the entry is about. An entry that was erased says
nothing of its row any more.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from uuid import UUID

from django.apps import apps
from django.db.models import Q
from django.utils.module_loading import module_has_submodule

from kliento.domain.activity.models import Cover, Entry
from kliento.domain.activity.queries.verifying.findings import Finding
from kliento.domain.activity.rules.leaves import Sealable
from kliento.domain.activity.rules.rows import OwingRow, SealedRow, SealedRows
from kliento.kernel.rows import Among

_CHUNK = 1000


def checked_rows(entries: Iterable[Sealable]) -> Iterator[Finding]:
    """Whether the rows these entries are about are what they were. Two statements for each sort of row there is."""
    carrying = [(each, each.payload) for each in entries if isinstance(each.payload, dict) and "row" in each.payload]
    if not carrying:
        return
    for name, offered in _offered().items():
        sealed = {UUID(str(payload[name])): (entry, payload["row"]) for entry, payload in carrying if name in payload}
        found = offered.rows(sealed.keys())
        moved = []
        for row_id, (entry, sealed_hash) in sealed.items():
            row = found.get(row_id)
            if row is None or row.hash != sealed_hash:
                what = "is not what was sealed with it" if row else "is not there"
                yield Finding("row_changed", _place(entry, name, row_id), f"the {name} it is about {what}")
            elif entry.subject_id is not None and row.subject_id != entry.subject_id:
                moved.append((entry, row_id, row))
        yield from _moved(name, moved)


def entries_owed() -> Iterator[Finding]:
    """Rows without the entry they must have, and what is derived from the rows and says otherwise.

    Entries that were written before they carried hashes are told by what they say: each stands for one row of the same
    subject, kind, recipient and moment. So nothing depends on when an installation was brought up to date.
    """
    for name, offered in _offered().items():
        chunk: list[OwingRow] = []
        for row in offered.owing():
            if len(chunk) >= _CHUNK and (row.subject_id is None or row.subject_id != chunk[-1].subject_id):
                yield from _without_entry(name, chunk)
                chunk = []
            chunk.append(row)
        yield from _without_entry(name, chunk)
        for place in offered.contradictions():
            yield Finding("state_wrong", place, f"it is not what each {name} adds up to")


def _moved(name: str, moved: Sequence[tuple[Sealable, UUID, SealedRow]]) -> Iterator[Finding]:
    covered = _covered({entry.subject_id for entry, _, _ in moved if entry.subject_id})
    for entry, row_id, row in moved:
        if row.subject_id is None and (row.may_be_nobodys or entry.subject_id in covered):
            continue
        whose = "nobody's, and nobody was erased" if row.subject_id is None else "somebody else's"
        yield Finding("row_moved", _place(entry, name, row_id), f"the {name} it is about is {whose}")


def _without_entry(name: str, rows: Sequence[OwingRow]) -> Iterator[Finding]:
    subjects = {row.subject_id for row in rows if row.subject_id}
    theirs = Q(subject_id__in=Among(subjects), kind__in={row.kind for row in rows})
    of_nobody = Q(id__in=Among({row.id for row in rows if row.subject_id is None}), subject_id__isnull=True)
    entries = Entry.objects.filter(theirs | of_nobody)
    named: set[tuple[UUID | None, str]] = set()
    unnamed: Counter[tuple[object, ...]] = Counter()
    for subject_id, kind, recipient_id, at, payload in entries.values_list(
        "subject_id", "kind", "recipient_id", "at", "payload"
    ):
        if payload and "row" in payload:
            named.add((subject_id, str(payload.get(name))))
        else:
            unnamed[subject_id, kind, recipient_id, at] += 1
    missing = []
    for row in rows:
        says = (row.subject_id, row.kind, row.recipient_id, row.at)
        if (row.subject_id, str(row.id)) in named:
            continue
        if unnamed[says] > 0:
            unnamed[says] -= 1
        else:
            missing.append(row)
    covered = _covered({row.subject_id for row in missing if row.subject_id})
    for row in missing:
        if row.subject_id not in covered:
            whose = f", subject {row.subject_id}" if row.subject_id else ""
            yield Finding("row_unentered", f"{name} {row.id}{whose}", "no entry of this subject is about it")


def _covered(subject_ids: Collection[UUID]) -> set[UUID]:
    if not subject_ids:
        return set()
    return set(Cover.objects.filter(subject_id__in=Among(subject_ids)).values_list("subject_id", flat=True))


def _place(entry: Sealable, name: str, row_id: UUID) -> str:
    return f"entry {entry.id}, {name} {row_id}"


@cache
def _offered() -> dict[str, SealedRows]:
    found: dict[str, SealedRows] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("kliento.domain.") and module_has_submodule(app.module, "queries"):
            found |= getattr(import_module(f"{app.name}.queries"), "SEALED_ROWS", {})
    return found
