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
        "paused_at": "operational",
        "stopped_at": "operational",
        "continues_as": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField(null=True)
    third_party = models.ForeignKey("recipients.ThirdParty", on_delete=models.PROTECT, related_name="+")
    member_number = models.CharField(max_length=8)
    since_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)  # nothing is shared until it is resumed; what was chosen stays chosen
    stopped_at = models.DateTimeField(null=True)  # when the person last ended everything at once
    # of an unregistered card that was claimed: the person's own relationship with the same third party
    continues_as = models.UUIDField(null=True)

    class Meta:
        db_table = "sharing_relationship"
        constraints = (
            models.UniqueConstraint(fields=["subject_id", "third_party"], name="sharing_relationship_one_for_each"),
            models.UniqueConstraint(fields=["third_party", "member_number"], name="sharing_relationship_number"),
        )
        indexes = (
            models.Index(fields=["third_party", "-since_at", "-id"], name="sharing_relationship_newest"),
            models.Index(
                fields=["continues_as"],
                condition=Q(continues_as__isnull=False),
                name="sharing_relationship_continued",
            ),
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
        "reminded_at": "operational",
        "notice_number": "operational",
        "outdated_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="grants")
    field = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)
    expires_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)  # when the person was told that it ends soon
    # Of the notice it was chosen under: once that has changed materially the choice is of no force (R-CON-6). 0: of a
    # version that did not say, so the one that was in force at `granted_at`.
    notice_number = models.PositiveIntegerField(db_default=0)
    outdated_at = models.DateTimeField(null=True)  # when that was entered, and the recipient told

    class Meta:
        db_table = "sharing_grant"
        indexes = (
            models.Index(
                fields=["expires_at"],
                condition=Q(ended_at__isnull=True, expires_at__isnull=False),
                name="sharing_grant_expiring",
            ),
            models.Index(
                fields=["purpose", "notice_number"],
                condition=Q(ended_at__isnull=True, outdated_at__isnull=True),
                name="sharing_grant_by_notice",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["relationship", "field", "purpose"],
                condition=Q(ended_at__isnull=True),
                name="sharing_grant_live",
            ),
        )


class DeletionNotice(models.Model):
    """Tells a third party to delete its copy of one field; open until an operator of theirs confirms that it did.

    It hangs on the relationship, so it survives the person: whoever left has a right to it still (R-DEL-3).
    """

    class Reason(models.TextChoices):
        """Why they may not keep it any longer."""

        ENDED = "ended"
        REMOVED = "removed"
        HIDDEN = "hidden"
        RAN_OUT = "ran_out"
        STOPPED = "stopped"
        CARD_OUT_OF_USE = "card_out_of_use"
        ACCOUNT_CLOSED = "account_closed"
        OUTDATED = "outdated"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "relationship": "operational",
        "third_party": "operational",
        "field": "operational",
        "reason": "operational",
        "made_at": "operational",
        "announced_at": "operational",
        "confirmed_at": "operational",
        "confirmed_by": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    relationship = models.ForeignKey(Relationship, on_delete=models.CASCADE, related_name="notices")
    third_party = models.ForeignKey("recipients.ThirdParty", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    made_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)  # when a letter about it went to their operators
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)  # the operator

    class Meta:
        db_table = "sharing_deletion_notice"
        indexes = (
            models.Index(
                fields=["third_party", "-made_at", "-id"],
                condition=Q(confirmed_at__isnull=True),
                name="sharing_notice_open",
            ),
            models.Index(
                fields=["third_party", "confirmed_at"],
                condition=Q(confirmed_at__isnull=False),
                name="sharing_notice_confirmed",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["relationship", "field"],
                condition=Q(confirmed_at__isnull=True),
                name="sharing_notice_one_open",
            ),
        )


class DefaultField(models.Model):
    """One field of a person's default set: shared when a third party meets them for the first time."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "field": "operational",
        "notice_number": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    field = models.CharField(max_length=60)
    # Of the notice it was chosen under, as for grants; 0, of a version that did not say, is taken for the first.
    notice_number = models.PositiveIntegerField(db_default=0)

    class Meta:
        db_table = "sharing_default"
        constraints = (models.UniqueConstraint(fields=["subject_id", "field"], name="sharing_default_one_for_each"),)
