"""What a relationship lets through. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

SERVING = "serving"
PROGRAMME = "programme"
APPROVED = "approved"
"""The state of a third party that may be given anything."""
REMINDED_AHEAD = timedelta(days=7)
MAY_TAKE_BACK_FOR = timedelta(hours=1)  # how long a third party may say that it did not delete a copy after all
LATELY = timedelta(days=30)  # so long a program may go on asking for what was shared, before it is unusual
LONGEST_GRANT_DAYS = 1826  # five years; what should last longer has no end, or is asked again


class Pair(NamedTuple):
    """A subject and a third party."""

    subject_id: UUID
    third_party_id: UUID


class LiveGrant(NamedTuple):
    """A choice that has not been ended. Whether it has run out is asked with the time: `Relation.granted`."""

    field: str
    purpose: str
    expires_at: datetime | None = None
    granted_at: datetime | None = None

    def stands(self, *, at: datetime) -> bool:
        """Whether it has not run out by then."""
        return self.expires_at is None or self.expires_at > at


class PastGrant(NamedTuple):
    """A choice, ended or not: it stands while it is paused, and while the words about it have changed."""

    pair: Pair
    field: str
    purpose: str
    granted_at: datetime
    ended_at: datetime | None

    def stood_lately(self, *, at: datetime) -> bool:
        """Whether it stood by then, or had until not long before."""
        return self.granted_at <= at and (self.ended_at is None or self.ended_at > at - LATELY)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship with its live grants and how its third party stands, as one read gives them.

    `outdated` are of no force: the words they were chosen under have changed since (R-CON-6).
    """

    relationship_id: UUID
    subject_id: UUID
    third_party_id: UUID
    member_number: str
    since_at: datetime
    paused_at: datetime | None
    approved: bool
    purposes: frozenset[str]
    grants: frozenset[LiveGrant] = frozenset()
    outdated: frozenset[LiveGrant] = frozenset()

    def granted(self, purpose: str, *, at: datetime) -> frozenset[str]:
        """The fields shared for that purpose at that moment: none while the person has paused this relationship."""
        if self.paused_at is not None:
            return frozenset()
        return frozenset(grant.field for grant in self.grants if grant.purpose == purpose and grant.stands(at=at))

    def open_to(self, purpose: str) -> bool:
        """Whether the third party is approved now, and for that purpose."""
        return self.approved and purpose in self.purposes

    def begins(self, *, at: datetime) -> bool:
        """Whether the act of that moment opened it: until then the third party did not know the person."""
        return self.since_at == at

    def sharing(self, fields: Iterable[str], *, purpose: str = SERVING, at: datetime) -> "Relation":
        """The same relationship with these fields shared as well, without an end."""
        fresh = {LiveGrant(field, purpose, granted_at=at) for field in fields}
        return replace(self, grants=self.grants | fresh)


def distinct_pairs(pairs: Iterable[tuple[UUID, UUID]]) -> list[Pair]:
    """The pairs once each, in one order everywhere, so that writers of the same rows cannot wait for each other."""
    return sorted({Pair(*pair) for pair in pairs}, key=lambda pair: (pair.third_party_id.int, pair.subject_id.int))


def needs_no_reminder(until: datetime | None, *, at: datetime) -> bool:
    """Whether an end chosen now is so near that nobody forgets it."""
    return until is not None and until <= at + REMINDED_AHEAD
