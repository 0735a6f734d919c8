"""A person's visits, for their download."""

from uuid import UUID

from kliento.domain.recipients.queries import names_of
from kliento.domain.visits.models import Visit


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
            }
            for visit in visits
        ]
    }
