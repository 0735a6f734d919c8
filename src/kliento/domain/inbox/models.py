"""Messages to people. What a message tells beyond its kind is sealed under the person's own key."""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Message(models.Model):
    """One message. It goes when the person deletes it, when its time is over, and with the account."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "person_id": "operational",
        "kind": "declared:messages",
        "sealed": "sealed",
        "at": "declared:messages",
        "read_at": "declared:messages",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inbox_message"
        indexes = (
            models.Index(fields=["person_id", "at", "id"], name="inbox_message_newest"),
            models.Index(fields=["person_id"], condition=models.Q(read_at__isnull=True), name="inbox_message_unread"),
            models.Index(fields=["at"], name="inbox_message_at"),
        )
