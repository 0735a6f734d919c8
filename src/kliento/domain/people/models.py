"""Person: that somebody exists, and how they stand. Never a value: no name, no address, not even in part."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from kliento.kernel.ids import new_id


class Person(models.Model):
    """The data subject who owns one account. An erased person keeps their row, without the account."""

    class State(models.TextChoices):
        ACTIVE = "active"
        RESTRICTED = "restricted"
        ERASING = "erasing"
        ERASED = "erased"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "state": "operational",
        "is_minor": "declared:is_minor",
        "terms_version": "operational",
        "registered_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="person"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    is_minor = models.BooleanField()
    terms_version = models.CharField(max_length=20)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "people_person"
        indexes = (
            models.Index(fields=["id"], condition=models.Q(state="restricted"), name="people_person_restricted"),
            models.Index(fields=["id"], condition=models.Q(state="erasing"), name="people_person_erasing"),
        )

    def __str__(self) -> str:
        return f"person {self.id}"
