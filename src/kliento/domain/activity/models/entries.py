"""The append-only log of what happened to a subject's data. Triggers guard it on both engines (migration 0001).

The seal stands in tables of its own (`seal`): erasing touches `subject_id`, `payload` and `salt` alone, so a leaf made
of the other columns and of SHA-256(salt | subject | payload) outlives it.
"""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Entry(models.Model):
    """One thing that happened. Only ids and field names; never a value."""

    columns: ClassVar[dict[str, str]] = {
        "seq": "operational",
        "id": "operational",
        "xid": "operational",
        "subject_id": "operational",
        "number": "operational",
        "kind": "declared:activity",
        "recipient_id": "operational",
        "purpose": "operational",
        "basis": "operational",
        "fields": "operational",
        "at": "declared:activity",
        "until": "operational",
        "salt": "operational",
        "payload": "declared:activity",
    }

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=new_id, editable=False)
    # The writing transaction (PostgreSQL fills it in), so that a seal never skips a slow one. SQLite has one writer
    # at a time: `seq` alone is the order there, and this stays 0.
    xid = models.BigIntegerField(db_default=0)
    subject_id = models.UUIDField(null=True)
    number = models.BigIntegerField(null=True)  # counts a subject's entries without gaps; stays when it is erased
    kind = models.CharField(max_length=60)
    recipient_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60, blank=True, default="")
    basis = models.CharField(max_length=30, blank=True, default="")
    fields = models.JSONField(default=list)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    payload = models.JSONField(null=True)

    class Meta:
        db_table = "activity_entry"
        indexes = (
            models.Index(fields=["subject_id", "-at", "-seq"], name="activity_entry_dated"),
            models.Index(fields=["subject_id", "recipient_id", "-at", "-seq"], name="activity_entry_recipient_dated"),
        )
        constraints = (models.UniqueConstraint(fields=["subject_id", "number"], name="activity_entry_number"),)


class Counter(models.Model):
    """How many entries a subject has; its row lock makes their numbers gapless under concurrency."""

    columns: ClassVar[dict[str, str]] = {
        "subject_id": "operational",
        "last_number": "operational",
    }

    subject_id = models.UUIDField(primary_key=True)
    last_number = models.BigIntegerField()

    class Meta:
        db_table = "activity_counter"


class Cover(models.Model):
    """Says that a subject is being, or was, erased: only then may append-only rows lose it."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "activity_cover"
