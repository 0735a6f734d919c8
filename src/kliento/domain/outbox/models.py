"""Things to do later, and what is done again and again. Kinds, references and times: never a value."""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Item(models.Model):
    """One thing to do. The row goes when it is done; it stays, given up, when it failed for too long."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "kind": "operational",
        "subject_id": "operational",
        "ref": "operational",
        "attempts": "operational",
        "next_at": "operational",
        "lease_until": "operational",
        "last_error_code": "operational",
        "given_up_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    ref = models.CharField(max_length=100)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=60, default="")
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_item"
        indexes = (
            models.Index(fields=["next_at"], condition=models.Q(given_up_at__isnull=True), name="outbox_item_due"),
            models.Index(fields=["subject_id"], name="outbox_item_subject"),
        )


class Periodic(models.Model):
    """When a periodic task is due next, and who is at it until when."""

    columns: ClassVar[dict[str, str]] = {
        "name": "operational",
        "due_at": "operational",
        "lease_until": "operational",
        "last_error_code": "operational",
    }

    name = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=60, default="")

    class Meta:
        db_table = "outbox_periodic"
