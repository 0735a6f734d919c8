"""What is left of a person who goes: a number that stays taken, and notices that stay owed."""

from datetime import datetime
from uuid import UUID

from kliento.domain.sharing.models import DefaultField, DeletionNotice, Grant, Relationship


def erase_person(person_id: UUID, *, at: datetime) -> None:
    """Forget what was shared and whose member numbers these were; the numbers stay taken, open notices stay owed."""
    DeletionNotice.objects.filter(relationship__subject_id=person_id, confirmed_at__isnull=False).delete()
    DefaultField.objects.filter(subject_id=person_id).delete()
    Grant.objects.filter(relationship__subject_id=person_id).delete()
    Relationship.objects.filter(subject_id=person_id).update(subject_id=None, continues_as=None)


def purge_settled_notices() -> int:
    """Delete the notices about people who left that have been confirmed since; how many."""
    return DeletionNotice.objects.filter(relationship__subject_id__isnull=True, confirmed_at__isnull=False).delete()[0]
