"""Who has seen what: the log summed up by recipient, and by field. In the database, whatever the number of entries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Q

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries.kinds import load_kinds
from kliento.domain.activity.rules import declared_kinds
from kliento.kernel import sets
from kliento.kernel.rows import Among
from kliento.kernel.statements import Statement, ask


@dataclass(frozen=True, slots=True)
class Looks:
    """How many entries of one kind name a recipient, how many of them name fields, and when the last one happened.

    No recipient: Kliento's own programs.
    """

    recipient_id: UUID | None
    kind: str
    entries: int
    with_fields: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """How many entries say that a recipient saw this field, and when the last of them happened."""

    recipient_id: UUID | None
    field: str
    entries: int
    last_at: datetime


def looks_at(subject_ids: Collection[UUID]) -> list[Looks]:
    """Who saw something of these subjects, by recipient and kind, whoever looked last first. One statement.

    A visit counts, also one that names no field: it showed who was there. Repeated reads of a list share an entry for a
    while (`ENTRY_STANDS_FOR`), so a recipient may have looked more often.
    """
    entries = Entry.objects.filter(subject_id__in=Among(subject_ids), kind__in=_seeing_kinds())
    rows = entries.order_by().values_list("recipient_id", "kind")
    counted = rows.annotate(entries=Count("seq"), with_fields=Count("seq", filter=~Q(fields=[])), last_at=Max("at"))
    return [Looks(*row) for row in counted.order_by("-last_at", "recipient_id", "kind")]


def fields_seen(subject_ids: Collection[UUID]) -> list[FieldSeen]:
    """Who saw which fields of these subjects, whoever looked last first. One statement."""
    these, subjects = sets.among(connection, "subject_id", subject_ids)
    kinds = _seeing_kinds()
    text = _BY_FIELD[connection.vendor].format(these=these, kinds=", ".join(["%s"] * len(kinds)))
    return ask(Statement(text, [subjects, *kinds], _read))


def reaches_back_to(subject_ids: Collection[UUID]) -> datetime | None:
    """When the oldest entry of these subjects that is still there happened; None without any. One statement."""
    oldest: datetime | None = Entry.objects.filter(subject_id__in=Among(subject_ids)).aggregate(oldest=Min("at"))[
        "oldest"
    ]
    return oldest


_BY_FIELD = {
    vendor: f"""
        SELECT entry.recipient_id, {name}, COUNT(*), MAX(entry.at) AS last_at
        FROM activity_entry AS entry, {each}
        WHERE entry.{{these}} AND entry.kind IN ({{kinds}})
        GROUP BY entry.recipient_id, {name}
        ORDER BY last_at DESC, entry.recipient_id, {name}
    """  # noqa: S608 - made of the constants beneath and placeholders
    for vendor, name, each in (
        ("sqlite", "named.value", "json_each(entry.fields) AS named"),
        ("postgresql", "named.field", "jsonb_array_elements_text(entry.fields) AS named(field)"),
    )
}


def _read(rows: list[tuple[Any, ...]]) -> list[FieldSeen]:
    return [
        FieldSeen(recipient and sets.identifier(recipient), field, entries, sets.moment(last_at))
        for recipient, field, entries, last_at in rows
    ]


def _seeing_kinds() -> list[str]:
    """Kinds whose fields were read by somebody: their values left, or Kliento's own programs opened them."""
    load_kinds()
    return sorted(code for code, kind in declared_kinds().items() if kind.releases or kind.opens)
