"""What a relationship lets through. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Pair(NamedTuple):
    """A subject and a third party."""

    subject_id: UUID
    third_party_id: UUID


class LiveGrant(NamedTuple):
    """A choice that has not been ended. Whether it has run out is asked with the time: `Relation.granted`."""

    field: str
    purpose: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship with its live grants, as one read gives them."""

    relationship_id: UUID
    subject_id: UUID
    third_party_id: UUID
    member_number: str
    since_at: datetime
    grants: frozenset[LiveGrant] = frozenset()

    def granted(self, purpose: str, *, at: datetime) -> frozenset[str]:
        """The fields shared for that purpose at that moment."""
        return frozenset(
            grant.field
            for grant in self.grants
            if grant.purpose == purpose and (grant.expires_at is None or grant.expires_at > at)
        )


def distinct_pairs(pairs: Iterable[tuple[UUID, UUID]]) -> list[Pair]:
    """The pairs once each, in one order everywhere, so that writers of the same rows cannot wait for each other."""
    return sorted({Pair(*pair) for pair in pairs}, key=lambda pair: (pair.third_party_id.int, pair.subject_id.int))
