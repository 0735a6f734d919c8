"""How the outbox stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kliento.domain.outbox.models import Item, Periodic


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts for `kliento doctor`, and the names of periodic tasks whose last run failed."""

    waiting: int
    overdue: int
    given_up: int
    failing_periodic: tuple[str, ...]


def standing(*, at: datetime) -> Standing:
    """What waits, what should have been done by now, what was given up."""
    open_items = Item.objects.filter(given_up_at=None)
    return Standing(
        waiting=open_items.count(),
        overdue=open_items.filter(next_at__lte=at).count(),
        given_up=Item.objects.exclude(given_up_at=None).count(),
        failing_periodic=tuple(
            Periodic.objects.exclude(last_error_code="").order_by("name").values_list("name", flat=True)
        ),
    )


def describe_person(person_id: UUID) -> dict[str, object]:
    """What is still to be done about this person: kinds and times."""
    items = Item.objects.filter(subject_id=person_id).order_by("next_at")
    return {"to_do": [{"kind": item.kind, "next_at": item.next_at.isoformat()} for item in items]}
