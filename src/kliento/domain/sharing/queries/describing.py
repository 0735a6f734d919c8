"""What is kept about somebody's sharing, for their download."""

from datetime import datetime
from uuid import UUID

from kliento.domain.sharing.models import DeletionNotice, Grant, Relationship
from kliento.domain.sharing.queries.relating import default_set


def describe_person(person_id: UUID) -> dict:
    """Where this person is known, what they share and shared there, who was told to delete it; for their export."""
    rows = Relationship.objects.filter(subject_id=person_id).order_by("since_at")
    return {
        "default_set": sorted(default_set(person_id)),
        "relationships": [
            {
                "third_party_id": str(row.third_party_id),
                "member_number": row.member_number,
                "since": row.since_at.isoformat(),
                "paused_at": _written(row.paused_at),
                "stopped_at": _written(row.stopped_at),
                "grants": [_described(grant) for grant in _oldest_first(row)],
                "deletion_notices": [_described_notice(notice) for notice in row.notices.all()],
            }
            for row in rows.prefetch_related("grants", "notices")
        ],
    }


def _oldest_first(row: Relationship) -> list[Grant]:
    return sorted(row.grants.all(), key=lambda grant: (grant.granted_at, grant.id))


def _described(grant: Grant) -> dict[str, object]:
    return {
        "field": grant.field,
        "purpose": grant.purpose,
        "granted_at": grant.granted_at.isoformat(),
        "expires_at": _written(grant.expires_at),
        "ended_at": _written(grant.ended_at),
    }


def _described_notice(notice: DeletionNotice) -> dict[str, object]:
    return {
        "field": notice.field,
        "reason": notice.reason,
        "made_at": notice.made_at.isoformat(),
        "announced_at": _written(notice.announced_at),
        "confirmed_at": _written(notice.confirmed_at),
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
