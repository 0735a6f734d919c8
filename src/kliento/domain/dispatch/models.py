"""Letters on their way, and in development the mailbox that takes them. Sealed from the first row to the last."""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Letter(models.Model):
    """A letter to be sent: what it says is sealed under its owner's key; the address is opened while sending."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "kind": "operational",
        "purpose": "operational",
        "owner_id": "operational",
        "language": "operational",
        "sealed": "sealed",
        "made_at": "operational",
        "good_until": "operational",
        "is_last": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    purpose = models.CharField(max_length=60, default="service", db_default="service")
    owner_id = models.UUIDField()
    language = models.CharField(max_length=5)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    good_until = models.DateTimeField(null=True)
    # The owner exists for this letter only: its key goes with it.
    is_last = models.BooleanField(default=False)

    class Meta:
        db_table = "dispatch_letter"
        indexes = (models.Index(fields=["owner_id"], name="dispatch_letter_owner"),)


class DemoMail(models.Model):
    """A mail caught by the development mailbox, sealed under a key of its own."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "sealed": "sealed", "made_at": "operational"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_demo_mail"
