"""A person's own visits: for their download, and whether one can still be disputed, what was shown last."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from kliento.domain.cards.queries import subjects_of
from kliento.domain.recipients.queries import appointments_of, names_of
from kliento.domain.visits import rules
from kliento.domain.visits.models import OtherMedium, Visit
from kliento.kernel.clock import day_of


def can_be_disputed(person_id: UUID, entry_id: UUID, *, at: datetime) -> bool:
    """Whether the person may say of the visit behind this Activity entry that it was not them. Two statements.

    Not of one that is disputed already, is too long ago, or is not theirs.
    """
    visits = Visit.objects.filter(
        entry_id=entry_id, subject_id__in=subjects_of(person_id), disputed_at=None, cancelled_at=None
    )
    occurred_at = visits.values_list("occurred_at", flat=True).first()
    return occurred_at is not None and rules.may_dispute(occurred_at, at=at)


def disputed_at(person_id: UUID, entry_id: UUID) -> datetime | None:
    """When the person said of the visit behind this Activity entry that it was not them; None if they did not."""
    visits = Visit.objects.filter(entry_id=entry_id, subject_id__in=subjects_of(person_id))
    return visits.values_list("disputed_at", flat=True).first()


def last_uses(person_id: UUID) -> dict[UUID, datetime]:
    """When each medium was last accepted at a till, by its id; those that never were are left out. Three statements.

    Shown later in a visit that another one began counts, too; when it was first shown in it. What is forgotten with its
    visit is not told.
    """
    visits = Visit.objects.filter(subject_id__in=subjects_of(person_id)).order_by()
    uses = dict(visits.exclude(medium_id=None).values_list("medium_id").annotate(last_at=Max("occurred_at")))
    others = OtherMedium.objects.filter(visit_id__in=visits.values("id")).order_by()
    for medium_id, last_at in others.values_list("medium_id").annotate(last_at=Max("occurred_at")):
        uses[medium_id] = max(last_at, uses.get(medium_id, last_at))
    return uses


def premises_of(subject_ids: Sequence[UUID]) -> set[UUID]:
    """Where these subjects were. One statement."""
    visits = Visit.objects.filter(subject_id__in=subject_ids)
    return set(visits.order_by().values_list("premises_id", flat=True).distinct())


def describe_person(person_id: UUID) -> dict[str, object]:
    """Every visit of the person, oldest first, for their download."""
    visits = list(Visit.objects.filter(subject_id=person_id).order_by("occurred_at", "id"))
    names = names_of({visit.third_party_id for visit in visits})
    return {
        "visits": [
            {
                "id": str(visit.id),
                "third_party": names[visit.third_party_id].name,
                "premises_id": str(visit.premises_id),
                "at": visit.occurred_at.isoformat(),
                "source": "card_use",
                "fields_shown": visit.fields,
                "left_at": visit.left_at.isoformat() if visit.left_at else None,
                "stands": visit.stands,
            }
            for visit in visits
        ],
        "on_duty": _on_duty(person_id),
    }


def _on_duty(person_id: UUID) -> list[dict[str, object]]:
    """How many visits a day name the person as whoever was on duty; nothing of customers (R-STF-4, R-VIS-3)."""
    days: Counter[tuple[str, str]] = Counter()
    for operator_id, third_party_id, name, since in appointments_of(person_id):
        theirs = Visit.objects.filter(third_party_id=third_party_id, occurred_at__gte=since, operator_id=operator_id)
        days.update((name, day_of(at).isoformat()) for at in theirs.values_list("occurred_at", flat=True))
    return [{"third_party": name, "day": day, "visits": number} for (name, day), number in sorted(days.items())]
