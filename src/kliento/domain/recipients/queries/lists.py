"""When the tills of a place had the block list last."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from kliento.domain.recipients.models import Premises


@dataclass(frozen=True, slots=True)
class ListsAtPremises:
    """A place, how many tills work there, how many of them ever had a list, and when: the oldest and the newest."""

    premises_id: UUID
    third_party_id: UUID
    premises: str
    third_party: str
    tills: int
    with_list: int
    oldest_at: datetime | None
    newest_at: datetime | None

    @property
    def all_since(self) -> datetime | None:
        """Since when every till there knows what was blocked before; None while some till has no list."""
        return self.oldest_at if self.tills and self.tills == self.with_list else None


def lists_at(premises_ids: Collection[UUID]) -> list[ListsAtPremises]:
    """How these places stand, by company and name. One statement."""
    working = Q(terminals__revoked_at=None)
    rows = (
        Premises.objects.filter(id__in=premises_ids)
        .select_related("third_party")
        .annotate(
            tills=Count("terminals", filter=working),
            with_list=Count("terminals__list_handed_at", filter=working),
            oldest_at=Min("terminals__list_handed_at", filter=working),
            newest_at=Max("terminals__list_handed_at", filter=working),
        )
        .order_by("third_party__name", "name", "id")
    )
    return [
        ListsAtPremises(
            premises_id=row.id,
            third_party_id=row.third_party_id,
            premises=row.name,
            third_party=row.third_party.name,
            tills=row.tills,
            with_list=row.with_list,
            oldest_at=row.oldest_at,
            newest_at=row.newest_at,
        )
        for row in rows
    ]
