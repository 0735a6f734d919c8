"""Rows of other packages that are sealed with the entry about them, as their package tells of them. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row as it stands: its hash, whose it is, and whether its subject may be off it though nobody was erased."""

    hash: str
    subject_id: UUID | None
    may_be_nobodys: bool


@dataclass(frozen=True, slots=True)
class OwingRow:
    """A row that somebody's Activity must have an entry about, and what that entry says of itself.

    Without a subject the entry is nobody's and has the row's own id.
    """

    id: UUID
    subject_id: UUID | None
    kind: str
    recipient_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedRows:
    """What a package offers, so that its rows can be verified with the log.

    `rows` answers for those ids that are there, in one statement. `owing` gives every row that must have an entry, each
    subject's together. `contradictions` names what is derived from the rows and does not say what they say.
    """

    rows: Callable[[Collection[UUID]], Mapping[UUID, SealedRow]]
    owing: Callable[[], Iterator[OwingRow]]
    contradictions: Callable[[], Iterator[str]]
