"""Scans (attempts, kept for a month), visits (accepted identifications), and what is counted of them for good.

Ids and times, never a value.

Hot tables: plain ids instead of foreign keys, which cost about a third of the rate (docs/decisions/0015).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kliento.kernel.ids import new_id


class Scan(models.Model):
    """One attempt at one terminal and how it was answered; the terminal names it, so that a repeat is known."""

    columns: ClassVar[dict[str, str]] = {
        "terminal_id": "operational",
        "id": "operational",
        "body_hash": "index",
        "outcome": "operational",
        "visit_id": "operational",
        "first_at": "operational",
        "occurred_at": "operational",
        "received_at": "operational",
    }

    pk = models.CompositePrimaryKey("terminal_id", "id")
    terminal_id = models.UUIDField()
    id = models.UUIDField()
    body_hash = models.BinaryField(max_length=32)
    outcome = models.CharField(max_length=16)
    visit_id = models.UUIDField(null=True)
    first_at = models.DateTimeField(null=True)  # of a repeated code at the same premises: when it was first shown
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "visits_scan"
        indexes = [
            models.Index(fields=["received_at"], name="visits_scan_received"),
            models.Index(
                fields=["terminal_id", "received_at"], condition=Q(outcome="unknown"), name="visits_scan_unknown"
            ),
        ]

    def __str__(self) -> str:
        return f"scan {self.id}: {self.outcome}"


class Visit(models.Model):
    """A card was accepted here, then. After erasure subject and relationship are NULL, the count remains.

    The subject is a person, or an unregistered card. A visit that is disputed, cancelled or overruled stands no more:
    it does not count and earns nothing.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "terminal_id": "operational",
        "scan_id": "operational",
        "subject_id": "operational",
        "relationship_id": "operational",
        "third_party_id": "declared:visits",
        "premises_id": "declared:visits",
        "entry_id": "operational",
        "fields": "operational",
        "occurred_at": "declared:visits",
        "medium_id": "operational",
        "level": "operational",
        "operator_id": "operational",
        "left_at": "declared:visits",
        "disputed_at": "operational",
        "cancelled_at": "operational",
        "overruled_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    terminal_id = models.UUIDField()
    scan_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    relationship_id = models.UUIDField(null=True)
    third_party_id = models.UUIDField()
    premises_id = models.UUIDField()
    entry_id = models.UUIDField()  # the Activity entry of this visit
    fields = models.JSONField()  # names of the fields that entry says were shown
    occurred_at = models.DateTimeField()
    medium_id = models.UUIDField(null=True)  # what was shown: to be blocked if it was not the person who showed it
    level = models.CharField(max_length=16, default="", db_default="")  # of that medium; empty: before it was kept
    operator_id = models.UUIDField(null=True)  # who was on duty at the till, where its people sign on
    left_at = models.DateTimeField(null=True)  # where stays are counted: when the card was shown on the way out
    disputed_at = models.DateTimeField(null=True)  # "This wasn't me"
    cancelled_at = models.DateTimeField(null=True)  # undone at the till: somebody else's card was scanned
    overruled_at = models.DateTimeField(null=True)  # of two offline uses of one code the other was earlier

    class Meta:
        db_table = "visits_visit"
        indexes = [
            models.Index(fields=["relationship_id", "id"], name="visits_visit_relationship"),
            models.Index(  # everything the counts need, so that a month is counted without reading a visit
                fields=["third_party_id", "occurred_at", "id", "premises_id", "relationship_id"],
                name="visits_visit_counted",
            ),
            models.Index(fields=["subject_id", "occurred_at", "id"], name="visits_visit_subject"),
            models.Index(  # those that count no more; there are few
                fields=["third_party_id", "id"],
                condition=Q(cancelled_at__isnull=False) | Q(overruled_at__isnull=False),
                name="visits_visit_fallen",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.id}"

    @property
    def stands(self) -> bool:
        """Whether it counts: neither disputed nor cancelled nor overruled."""
        return self.disputed_at is None and self.cancelled_at is None and self.overruled_at is None


class OtherMedium(models.Model):
    """A further medium that was shown in a visit which another one began, and when first; kept as long as the visit."""

    columns: ClassVar[dict[str, str]] = {
        "visit_id": "operational",
        "medium_id": "operational",
        "occurred_at": "operational",
    }

    pk = models.CompositePrimaryKey("visit_id", "medium_id")
    visit_id = models.UUIDField()
    medium_id = models.UUIDField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "visits_other_medium"

    def __str__(self) -> str:
        return f"another medium in visit {self.visit_id}"


class MonthCount(models.Model):
    """How many people a third party had in a month that is over: counted once, and nobody stands behind it any more."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party_id": "operational",
        "month": "operational",
        "people": "operational",
        "came_back": "operational",
        "published_people": "operational",
        "published_came_back": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party_id = models.UUIDField()
    month = models.DateField()  # its first day
    people = models.IntegerField()
    came_back = models.IntegerField()  # on more than one day
    # The same over the cells that are published, for those who may see counts and no visits.
    published_people = models.IntegerField()
    published_came_back = models.IntegerField()

    class Meta:
        db_table = "visits_month_count"
        constraints = [
            models.UniqueConstraint(fields=["third_party_id", "month"], name="visits_month_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month} of {self.third_party_id}"


class LeaversAgain(models.Model):
    """Of the visits of people who have left: how many were a second or later one of the day at those premises.

    Without it each visit of theirs would count as another person.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "premises_id": "operational",
        "day": "operational",
        "visits": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    premises_id = models.UUIDField()
    day = models.DateField()
    visits = models.IntegerField(default=0)

    class Meta:
        db_table = "visits_leavers_again"
        constraints = [models.UniqueConstraint(fields=["premises_id", "day"], name="visits_leavers_again_once")]

    def __str__(self) -> str:
        return f"{self.visits} visits again at {self.premises_id}"


class LeaversOfMonth(models.Model):
    """Of a month that is not counted yet: how many people who came in it have left since, as `MonthCount` counts them.

    Added to what is counted of those who are known, and deleted with that.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party_id": "operational",
        "month": "operational",
        "people": "operational",
        "came_back": "operational",
        "published_people": "operational",
        "published_came_back": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party_id = models.UUIDField()
    month = models.DateField()  # its first day
    people = models.IntegerField(default=0)
    came_back = models.IntegerField(default=0)
    published_people = models.IntegerField(default=0)
    published_came_back = models.IntegerField(default=0)

    class Meta:
        db_table = "visits_leavers_of_month"
        constraints = [
            models.UniqueConstraint(fields=["third_party_id", "month"], name="visits_leavers_of_month_once"),
        ]

    def __str__(self) -> str:
        return f"leavers of {self.month} at {self.third_party_id}"
