"""Who is known where, and what they chose to show there. Field names and numbers, never a value."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kliento.kernel.ids import new_id


class Relationship(models.Model):
    """One subject and one third party. It owns the member number, which no other third party ever sees (R-VIS-4).

    After erasure the row stays without its subject, so that the number is never given to somebody else.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "third_party": "operational",
        "member_number": "declared:member_number",
        "since_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField(null=True)
    third_party = models.ForeignKey("recipients.ThirdParty", on_delete=models.PROTECT, related_name="+")
    member_number = models.CharField(max_length=8)
    since_at = models.DateTimeField()

    class Meta:
        db_table = "sharing_relationship"
        constraints = (
            models.UniqueConstraint(fields=["subject_id", "third_party"], name="sharing_relationship_one_for_each"),
            models.UniqueConstraint(fields=["third_party", "member_number"], name="sharing_relationship_number"),
        )


class Grant(models.Model):
    """One field, for one purpose, in one relationship, until it ends. At most one of them is live."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "relationship": "operational",
        "field": "operational",
        "purpose": "operational",
        "expires_at": "operational",
        "granted_at": "operational",
        "ended_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="grants")
    field = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    expires_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sharing_grant"
        constraints = (
            models.UniqueConstraint(
                fields=["relationship", "field", "purpose"],
                condition=Q(ended_at__isnull=True),
                name="sharing_grant_live",
            ),
        )
