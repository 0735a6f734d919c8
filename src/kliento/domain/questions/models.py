"""Questions of third parties, and to whom they were put. Field names and outcomes, never a value."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kliento.domain.questions.rules import REASON_LENGTH, Outcome
from kliento.kernel.ids import new_id


class Question(models.Model):
    """What a third party asks people for, and why in its own words. Never changed once made; `closed_at` ends it."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "purpose": "operational",
        "reason": "operational",
        "needed": "operational",
        "optional": "operational",
        "grant_days": "operational",
        "made_at": "operational",
        "closed_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey("recipients.ThirdParty", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    reason = models.CharField(max_length=REASON_LENGTH)
    needed = models.JSONField(default=list)
    optional = models.JSONField(default=list)
    grant_days = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "questions_question"


class Asking(models.Model):
    """A question put to one person, and what became of it. At most one is open for each question and relationship.

    `asked_at` is empty where nobody asked: the person opened the question by themself and answered it.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "question": "operational",
        "relationship": "operational",
        "asked_at": "operational",
        "expires_at": "operational",
        "answered_at": "operational",
        "granted": "operational",
        "outcome": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="askings")
    relationship = models.ForeignKey("sharing.Relationship", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    granted = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, default=Outcome.OPEN.value)

    class Meta:
        db_table = "questions_asking"
        constraints = (
            models.UniqueConstraint(
                fields=["question", "relationship"], condition=Q(outcome="open"), name="questions_asking_open"
            ),
            models.CheckConstraint(
                name="questions_asking_outcome",
                condition=Q(outcome__in=["open", "shared", "refused", "withdrawn", "expired"]),
            ),
        )
