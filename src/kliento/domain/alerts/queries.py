"""Who wants letters, and what is kept for alerts."""

from collections.abc import Collection
from uuid import UUID

from kliento.domain.alerts.models import Letters, Told
from kliento.domain.alerts.rules import ALERTS
from kliento.domain.policy.queries import register
from kliento.kernel.rows import Among


def are_told() -> bool:
    """Whether anybody is told anything here: the declaration this instance runs by may lack the purpose."""
    declared = register().purposes.get(ALERTS)
    return declared is not None and declared.status == "in_use"


def wants_letters(person_id: UUID) -> bool:
    """Whether they want a letter about each alert as well. One statement."""
    return Letters.objects.filter(person_id=person_id).exists()


def wanting_letters(person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these people who do. One statement."""
    return frozenset(Letters.objects.filter(person_id__in=Among(person_ids)).values_list("person_id", flat=True))


def describe_person(person_id: UUID) -> dict[str, object]:
    """Since when this person wants letters, and what they were told of in the last days, for their export."""
    since = Letters.objects.filter(person_id=person_id).values_list("since_at", flat=True).first()
    told = Told.objects.filter(person_id=person_id).order_by("day", "id")
    return {
        "alerts": {
            "letters_since": since.isoformat() if since else None,
            "told": [
                {"kind": one.alert, "third_party_id": str(one.third_party_id), "day": one.day.isoformat()}
                for one in told
            ],
        }
    }
