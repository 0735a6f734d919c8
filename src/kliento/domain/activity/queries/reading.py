"""Reading the log. What an interface shows of it goes through the kinds: `reading_of(entry)`."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Subquery

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.finding import fitting
from kliento.domain.activity.queries.kinds import load_kinds
from kliento.domain.activity.rules import EVERYTHING, EntryView, Sought, declared_kinds
from kliento.kernel.errors import NotFound
from kliento.kernel.rows import Among

ENTRY_STANDS_FOR = timedelta(hours=1)
"""Repeated reads of a list share one entry within a clock hour: what left may be entered up to this much earlier."""


def entries_of(
    subject_ids: Collection[UUID],
    *,
    recipient_id: UUID | None = None,
    sought: Sought = EVERYTHING,
    before: int | None = None,
    limit: int = 50,
) -> list[EntryView]:
    """The entries of these subjects, what happened last first, at most `limit`; one statement.

    What was told late stands where it belongs by its own date. `before` is the `seq` of the last entry of the page
    before; nothing comes after an entry that is not theirs. With `recipient_id` only those that name that recipient,
    with `sought` only those that fit.
    """
    entries = Entry.objects.filter(subject_id__in=subject_ids)
    if before is not None:
        shown_at = Subquery(entries.filter(seq=before).values("at"))
        entries = entries.filter(at__lte=shown_at).exclude(at=shown_at, seq__gte=before)
    if recipient_id is not None:
        entries = entries.filter(recipient_id=recipient_id)
    return [view_of(entry) for entry in fitting(entries, sought).order_by("-at", "-seq")[:limit]]


def entries_after(
    subject_ids: Collection[UUID], last: EntryView | None, *, sought: Sought, limit: int
) -> list[EntryView]:
    """The same for whoever reads on to the end: what comes after the entry they have read last. One statement.

    That one may be gone by then, and nothing of what comes after it is left out.
    """
    entries = fitting(Entry.objects.filter(subject_id__in=subject_ids), sought)
    if last is not None:
        entries = entries.filter(at__lte=last.at).exclude(at=last.at, seq__gte=last.seq)
    return [view_of(entry) for entry in entries.order_by("-at", "-seq")[:limit]]


def entered_last(subject_id: UUID) -> int:
    """The `seq` of what was entered last, whatever its date; 0 when there is nothing. One statement."""
    entries = Entry.objects.filter(subject_id=subject_id)
    return entries.order_by("-number").values_list("seq", flat=True).first() or 0


def has_entry(subject_id: UUID, seq: int) -> bool:
    """Whether this is the `seq` of an entry of this subject. One statement."""
    return Entry.objects.filter(subject_id=subject_id, seq=seq).exists()


def entry_of(subject_ids: Collection[UUID], entry_id: UUID) -> EntryView:
    """One entry of these subjects. Raises NotFound, also for entries of others."""
    entry = Entry.objects.filter(subject_id__in=subject_ids, id=entry_id).first()
    if entry is None:
        raise NotFound(code="unknown_entry")
    return view_of(entry)


def fields_disclosed(subject_id: UUID, recipient_id: UUID, *, since: datetime) -> frozenset[str]:
    """The fields of this subject whose values left to this recipient at `since` or later. One statement.

    Looks back as long as one entry can stand for several reads, so it may name a field that left shortly before.
    """
    load_kinds()
    releasing = [code for code, kind in declared_kinds().items() if kind.releases]
    rows = Entry.objects.filter(
        subject_id=subject_id, recipient_id=recipient_id, kind__in=releasing, at__gte=since - ENTRY_STANDS_FOR
    )
    return frozenset(name for fields in rows.values_list("fields", flat=True) for name in fields)


def pairs_with_entry(
    kinds: Collection[str], pairs: Iterable[tuple[UUID, UUID]], *, since: datetime
) -> set[tuple[UUID, UUID]]:
    """Which of these (subject, recipient) pairs have an entry of such a kind, of `since` or later. One statement."""
    wanted = set(pairs)
    if not wanted:
        return set()
    rows = Entry.objects.filter(
        subject_id__in=Among({subject_id for subject_id, _ in wanted}),
        recipient_id__in=Among({recipient_id for _, recipient_id in wanted}),
        kind__in=kinds,
        at__gte=since,
    )
    return wanted & set(rows.values_list("subject_id", "recipient_id"))


def tallies_of(
    subject_ids: Collection[UUID], *, since: datetime, until: datetime
) -> dict[UUID, dict[str, tuple[int, int]]]:
    """Of each of these subjects, by kind: entries from `since` until before `until`, and how many recipients they name.

    One statement.
    """
    entries = Entry.objects.filter(subject_id__in=Among(subject_ids), at__gte=since, at__lt=until)
    counted = entries.order_by().values_list("subject_id", "kind")
    found: dict[UUID, dict[str, tuple[int, int]]] = {}
    for subject_id, kind, number, recipients in counted.annotate(
        number=Count("seq"), recipients=Count("recipient_id", distinct=True)
    ):
        found.setdefault(subject_id, {})[kind] = (number, recipients)
    return found


def entered_already(ids: Collection[UUID]) -> set[UUID]:
    """Which of these entries are there. One statement."""
    return set(Entry.objects.filter(id__in=Among(ids)).values_list("id", flat=True)) if ids else set()


def describe_person(person_id: UUID) -> dict[str, Any]:
    """The person's whole log in the order it was entered, for the export."""
    entries = Entry.objects.filter(subject_id=person_id).order_by("number")
    return {"entries": [_described(view_of(entry)) for entry in entries.iterator(chunk_size=1000)]}


def _described(entry: EntryView) -> dict[str, Any]:
    return {
        "id": str(entry.id),
        "number": entry.number,
        "kind": entry.kind,
        "recipient_id": str(entry.recipient_id) if entry.recipient_id else None,
        "purpose": entry.purpose,
        "basis": entry.basis,
        "fields": list(entry.fields),
        "at": entry.at.isoformat(),
        "until": entry.until.isoformat() if entry.until else None,
        "details": dict(entry.payload),
    }


def view_of(entry: Entry) -> EntryView:
    """The row as its subject may read it; within this package."""
    return EntryView(
        seq=entry.seq,
        id=entry.id,
        subject_id=entry.subject_id,
        number=entry.number,
        kind=entry.kind,
        recipient_id=entry.recipient_id,
        purpose=entry.purpose,
        basis=entry.basis,
        fields=tuple(entry.fields),
        at=entry.at,
        until=entry.until,
        payload=entry.payload or {},
    )
