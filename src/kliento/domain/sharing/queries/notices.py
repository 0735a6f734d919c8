"""Deletion notices: what a third party has still to delete, and what of a person's it was told to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kliento.domain.sharing.models import DeletionNotice
from kliento.domain.sharing.queries.places import place_of_row


@dataclass(frozen=True, slots=True)
class Notice:
    """A deletion notice: whose copy of what, why, when a letter told of it, when they said it is done."""

    id: UUID
    relationship_id: UUID
    third_party_id: UUID
    member_number: str
    field: str
    reason: str
    made_at: datetime
    announced_at: datetime | None
    confirmed_at: datetime | None


def open_notices(third_party_id: UUID, *, before: tuple[datetime, UUID] | None = None, limit: int) -> list[Notice]:
    """What a third party has still to delete, newest first, at most `limit`; `before` is a (`made_at`, `id`).

    Those about people who left are among them. One statement.
    """
    rows = DeletionNotice.objects.filter(third_party_id=third_party_id, confirmed_at__isnull=True)
    return _read_notices(_older(rows, before).order_by("-made_at", "-id")[:limit])


def notices_at_hand(
    third_party_id: UUID, *, confirmed_since: datetime, before: tuple[datetime, UUID] | None = None, limit: int
) -> list[Notice]:
    """The open ones and those confirmed since, in the order they were made in, as `open_notices` gives them.

    Two statements.
    """
    answered = DeletionNotice.objects.filter(third_party_id=third_party_id, confirmed_at__gte=confirmed_since)
    found = open_notices(third_party_id, before=before, limit=limit)
    found += _read_notices(_older(answered, before).order_by("-made_at", "-id")[:limit])
    return sorted(found, key=lambda notice: (notice.made_at, notice.id), reverse=True)[:limit]


def place_of_notice(third_party_id: UUID, notice_id: UUID) -> tuple[datetime, UUID]:
    """After which a page of notices goes on. Raises NotFound for one of others, or that is not kept any more."""
    return place_of_row(DeletionNotice.objects.filter(third_party_id=third_party_id, id=notice_id), "made_at")


def open_notices_count(third_party_id: UUID) -> int:
    """How many it has still to answer."""
    return DeletionNotice.objects.filter(third_party_id=third_party_id, confirmed_at__isnull=True).count()


def notices_of(person_id: UUID, third_party_id: UUID) -> list[Notice]:
    """What this third party was told to delete of this person's, newest first: confirmed, or not yet."""
    rows = DeletionNotice.objects.filter(relationship__subject_id=person_id, third_party_id=third_party_id)
    return _read_notices(rows.order_by("-made_at", "-id"))


def _older(rows: QuerySet[DeletionNotice], before: tuple[datetime, UUID] | None) -> QuerySet[DeletionNotice]:
    """Those made before this (`made_at`, `id`), where a page goes on."""
    if before is None:
        return rows
    made_at, notice_id = before
    return rows.filter(made_at__lte=made_at).exclude(made_at=made_at, id__gte=notice_id)


def _read_notices(rows: QuerySet[DeletionNotice]) -> list[Notice]:
    columns = rows.values_list(
        "id", "relationship_id", "third_party_id", "relationship__member_number",
        "field", "reason", "made_at", "announced_at", "confirmed_at",
    )  # fmt: skip
    return [Notice(*row) for row in columns]
