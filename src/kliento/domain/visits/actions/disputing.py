"""What a person says of a visit that was not theirs: this wasn't me."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entry_of
from kliento.domain.activity.rules import NewEntry
from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.queries import media_of_person, subjects_of
from kliento.domain.people.queries import lock_self
from kliento.domain.programmes.actions import reverse_earning
from kliento.domain.sharing.actions import end_first_grants
from kliento.domain.visits import rules
from kliento.domain.visits.actions.bringing import bring_what_stayed
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import Conflict, NotFound


def dispute_visit(entry_id: UUID, *, by: PersonActor, at: datetime) -> None:
    """Note on the visit behind this Activity entry that it was not the person, and block what was shown (threat 3), if
    it is one of their media still.

    The visit stays, marked; what is left of its stamps is taken back, and what it shared by being the first ends.
    Saying it again changes nothing. Raises NotFound for entries of others and for entries that are no visit, Conflict
    "too_late_to_dispute" after 30 days.
    """
    with transaction.atomic():
        lock_self(by.person_id, by=by)
        entry = entry_of(subjects := subjects_of(by.person_id), entry_id)
        visit = Visit.objects.filter(entry_id=entry.id, subject_id__in=subjects).first()
        if visit is None:
            raise NotFound(code="unknown_visit")
        if visit.disputed_at is not None:
            return
        if not rules.may_dispute(visit.occurred_at, at=at):
            raise Conflict(
                _("This can be said for 30 days after a visit. Write to the register holder instead."),
                code="too_late_to_dispute",
            )
        Visit.objects.filter(id=visit.id).update(disputed_at=at)
        reverse_earning(visit.id, at=at)
        bring_what_stayed([by.person_id], at=at)
        payload = {"visit_id": str(visit.id), "premises_id": str(visit.premises_id)}
        record([NewEntry(by.person_id, "visit_disputed", at, visit.third_party_id, payload=payload)])
        opened_at = may_have_opened(visit)
        if opened_at is not None:
            end_first_grants(by.person_id, visit.third_party_id, opened_at=opened_at, by=by, at=at)
        for medium in media_of_person(by.person_id):
            if medium.id == visit.medium_id:
                block_medium(by.person_id, medium.id, by=by, at=at)


def may_have_opened(visit: Visit) -> datetime | None:
    """When it was received, if no earlier visit there stands as the person's own; its scan is kept as long as this."""
    earlier = Visit.objects.filter(relationship_id=visit.relationship_id, id__lt=visit.id)
    earlier = earlier.filter(disputed_at=None, cancelled_at=None)
    if earlier.exists():
        return None
    scan = Scan.objects.filter(terminal_id=visit.terminal_id, id=visit.scan_id)
    return scan.values_list("received_at", flat=True).first()
