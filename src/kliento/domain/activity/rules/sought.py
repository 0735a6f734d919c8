"""What somebody looks for in their Activity, in ids and codes; words became these before the log is asked. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.activity.rules.entries import Group

Saying = tuple[str, tuple[tuple[str, str | bool], ...]]
"""A kind, and what its payload must hold."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one word stands for: an entry fits that names any of these. Where there is none, no entry does."""

    recipient_ids: frozenset[UUID] = frozenset()
    premises_ids: frozenset[UUID] = frozenset()
    fields: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    groups: frozenset[Group] = frozenset()
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """An entry fits that fits all of it. `since` is included, `until` is not."""

    recipient_id: UUID | None = None
    group: Group | None = None
    field: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[Word, ...] = ()


EVERYTHING = Sought()
