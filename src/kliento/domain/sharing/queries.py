"""Relationships and live grants, read in one statement for any number of pairs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

from kliento.domain.sharing.models import Relationship
from kliento.domain.sharing.rules import LiveGrant, Pair, Relation, distinct_pairs
from kliento.kernel.errors import NotFound


def relations(pairs: Iterable[tuple[UUID, UUID]]) -> dict[Pair, Relation]:
    """The relationships of these (subject, third party) pairs with their live grants; missing ones are left out.

    One statement.
    """
    wanted = distinct_pairs(pairs)
    if not wanted:
        return {}
    found = _with_grants(
        Relationship.objects.filter(
            subject_id__in={pair.subject_id for pair in wanted},
            third_party_id__in={pair.third_party_id for pair in wanted},
        )
    )
    return {pair: found[pair] for pair in wanted if pair in found}


def relationship_by_number(third_party_id: UUID, number: str) -> Relation:
    """The relationship behind a member number, for the third party it was made for.

    Raises NotFound for everybody else's numbers, as for numbers that do not exist (R-VIS-3). One statement.
    """
    if not (number.isascii() and number.isdigit()):  # PostgreSQL would fail at a NUL instead of finding nothing
        raise NotFound(code="unknown_member")
    rows = Relationship.objects.filter(third_party_id=third_party_id, member_number=number, subject_id__isnull=False)
    for relation in _with_grants(rows).values():
        return relation
    raise NotFound(code="unknown_member")


def companies_of(person_id: UUID) -> list[Relation]:
    """Every third party that knows this person, with what is shared there; the newest relationship first."""
    found = _with_grants(Relationship.objects.filter(subject_id=person_id))
    return sorted(found.values(), key=lambda relation: relation.since_at, reverse=True)


def describe_person(person_id: UUID) -> dict:
    """Where this person is known and what they share and shared there, for their export."""
    rows = Relationship.objects.filter(subject_id=person_id).order_by("since_at").prefetch_related("grants")
    return {
        "relationships": [
            {
                "third_party_id": str(row.third_party_id),
                "member_number": row.member_number,
                "since": row.since_at.isoformat(),
                "grants": [
                    {
                        "field": grant.field,
                        "purpose": grant.purpose,
                        "granted_at": grant.granted_at.isoformat(),
                        "expires_at": grant.expires_at and grant.expires_at.isoformat(),
                        "ended_at": grant.ended_at and grant.ended_at.isoformat(),
                    }
                    for grant in sorted(row.grants.all(), key=lambda grant: (grant.granted_at, grant.id))
                ],
            }
            for row in rows
        ]
    }


def _with_grants(rows: QuerySet[Relationship]) -> dict[Pair, Relation]:
    relationships: dict[UUID, tuple[UUID, UUID, str, datetime]] = {}
    grants: dict[UUID, set[LiveGrant]] = {}
    joined = rows.annotate(live=FilteredRelation("grants", condition=Q(grants__ended_at__isnull=True))).values_list(
        "id", "subject_id", "third_party_id", "member_number", "since_at",
        "live__field", "live__purpose", "live__expires_at",
    )  # fmt: skip
    for identifier, subject_id, third_party_id, number, since_at, field, purpose, expires_at in joined:
        if subject_id is None:
            continue
        relationships[identifier] = (subject_id, third_party_id, number, since_at)
        if field is not None:
            grants.setdefault(identifier, set()).add(LiveGrant(field, purpose, expires_at))
    return {
        Pair(*columns[:2]): Relation(identifier, *columns, frozenset(grants.get(identifier, ())))
        for identifier, columns in relationships.items()
    }
