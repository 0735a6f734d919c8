"""Consent events: what a person was shown, gave, refused, withdrew or objected to. Rows are only ever added.

The current state is the newest event of each choice (`queries.standing`); no column says "current", so none can lie.
"""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Event(models.Model):
    """One choice at one moment. Triggers refuse updates and deletions, but for erasing the subject (migration 0001)."""

    class Kind(models.TextChoices):
        """What happened. Refusals and notices shown are kept too (R-CON-7)."""

        GIVEN = "given"
        WITHDRAWN = "withdrawn"
        REFUSED = "refused"
        SHOWN = "shown"
        OBJECTED = "objected"
        OBJECTION_ENDED = "objection_ended"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "purpose": "declared:activity",
        "channel": "declared:activity",
        "field": "operational",
        "recipient_id": "operational",
        "kind": "declared:activity",
        "notice_version": "operational",
        "at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60)
    channel = models.CharField(max_length=40, blank=True, default="")
    field = models.CharField(max_length=60, blank=True, default="")
    recipient_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    notice_version = models.CharField(max_length=80, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "consents_event"
        indexes = (models.Index(fields=["subject_id", "at"], name="consents_event_by_subject"),)
        constraints = (
            models.CheckConstraint(
                name="consents_event_kind",
                condition=models.Q(kind__in=["given", "withdrawn", "refused", "shown", "objected", "objection_ended"]),
            ),
        )
