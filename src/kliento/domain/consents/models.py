"""Consent events, which are only ever added, and what they add up to, choice by choice.

The database itself keeps `State` by a trigger on every new event (migration 0003), so that it says what the events say,
whoever wrote them; `actions.rebuild_states` makes it anew from them.
"""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Event(models.Model):
    """One choice at one moment, the notice it was made under and the words shown (`policy.rules.Asked.hash`).

    Triggers refuse updates and deletions. They let a row lose its subject where that is erased, and where it says no
    more than that somebody was shown something or said no, after the time such rows are kept for (`PastRetention`).

    `purpose` names what was chosen about: of an objection its own code in the declaration.
    """

    class Kind(models.TextChoices):
        """What happened. Refusals and notices shown are kept too (R-CON-7)."""

        SHOWN = "shown"
        GIVEN = "given"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        OUTDATED = "outdated"
        OBJECTED = "objected"
        OBJECTION_ENDED = "objection_ended"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "purpose": "declared:activity",
        "channel": "declared:activity",
        "field": "operational",
        "recipient_id": "operational",
        "kind": "declared:marketing_declined",
        "notice_version": "operational",
        "language": "operational",
        "wording": "operational",
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
    language = models.CharField(max_length=2, blank=True, default="", db_default="")
    wording = models.CharField(max_length=64, blank=True, default="", db_default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "consents_event"
        indexes = (models.Index(fields=["subject_id", "at"], name="consents_event_by_subject"),)
        constraints = (
            models.CheckConstraint(
                name="consents_event_kind",
                condition=models.Q(
                    kind__in=[
                        "shown",
                        "given",
                        "refused",
                        "withdrawn",
                        "expired",
                        "outdated",
                        "objected",
                        "objection_ended",
                    ]
                ),
            ),
        )


class State(models.Model):
    """How one choice stands: the last word on it. `recipient_id` is all zeros where the choice names nobody.

    `notice_number` is that of the notice it was made under, 0 for one that was never published.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "matter": "operational",
        "purpose": "declared:activity",
        "channel": "declared:activity",
        "field": "operational",
        "recipient_id": "operational",
        "kind": "declared:marketing_permitted",
        "notice_number": "operational",
        "event_id": "operational",
        "at": "operational",
    }

    class Matter(models.TextChoices):
        """One may agree to a purpose and object to it: two matters."""

        CONSENT = "consent"
        OBJECTION = "objection"

    subject_id = models.UUIDField()
    matter = models.CharField(max_length=10, choices=Matter.choices)
    purpose = models.CharField(max_length=60)
    channel = models.CharField(max_length=40)
    field = models.CharField(max_length=60)
    recipient_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    notice_number = models.PositiveIntegerField()
    event_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "consents_state"
        indexes = (
            models.Index(
                fields=["purpose", "channel", "kind", "subject_id", "notice_number"], name="consents_state_audience"
            ),
            models.Index(fields=["purpose", "kind", "notice_number"], name="consents_state_notice"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["subject_id", "matter", "purpose", "channel", "field", "recipient_id"],
                name="consents_state_choice",
            ),
        )


class PastRetention(models.Model):
    """Until when the time has run out that notes of what was shown and refused are kept for (R-CON-7)."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "before": "operational"}

    before = models.DateTimeField()

    class Meta:
        db_table = "consents_past_retention"
