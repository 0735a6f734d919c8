"""Programmes, who has their card in use, and the ledger of stamps.

The ledger is only ever added to: triggers on both engines refuse everything else, but for taking an erased subject
out of it (migration 0001). A balance stands in each entry as it was after it; what is left of a lot is its amount less
what was used of it. Written at taps, so entries carry plain ids instead of foreign keys (docs/decisions/0015).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kliento.domain.programmes.rules import LONGEST_NAME, LONGEST_REASON, LONGEST_REWARD
from kliento.kernel.ids import new_id


class Programme(models.Model):
    """A third party's stamp card: a stamp for a visit, a reward for so many. At most one is open for each of them."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "name": "operational",
        "reward": "operational",
        "stamps_needed": "operational",
        "fields": "operational",
        "reason": "operational",
        "most_a_day": "operational",
        "stamps_last_days": "operational",
        "version": "operational",
        "changed_at": "operational",
        "changed_from": "operational",
        "opened_at": "operational",
        "closed_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey("recipients.ThirdParty", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    reward = models.CharField(max_length=LONGEST_REWARD)
    stamps_needed = models.PositiveSmallIntegerField()
    fields = models.JSONField(default=list)  # which go to the issuer while the card is in use; shown before it is
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")  # why, in the issuer's words
    most_a_day = models.PositiveSmallIntegerField(default=2)
    stamps_last_days = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)  # of what people see before they take the card into use
    changed_at = models.DateTimeField(null=True)
    changed_from = models.JSONField(null=True)  # the terms before that
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "programmes_programme"
        constraints = (
            models.UniqueConstraint(
                fields=["third_party"], condition=Q(closed_at__isnull=True), name="programmes_programme_open"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's card of one programme. Out of use its stamps wait; in use again it is the same row."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "programme": "operational",
        "relationship": "operational",
        "subject_id": "operational",
        "taken_at": "operational",
        "ended_at": "operational",
        "told_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    relationship = models.ForeignKey("sharing.Relationship", null=True, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when the issuer was told last that it is out of use

    class Meta:
        db_table = "programmes_membership"
        indexes = (models.Index(fields=["subject_id"], name="programmes_membership_subject"),)
        constraints = (
            models.UniqueConstraint(fields=["programme", "relationship"], name="programmes_membership_one_for_each"),
        )


class LedgerEntry(models.Model):
    """One movement of stamps, numbered without gaps within its membership."""

    class Kind(models.TextChoices):
        EARNED = "earned"
        REDEEMED = "redeemed"
        REVERSED = "reversed"
        RAN_OUT = "ran_out"
        MOVED = "moved"  # with a claim: out of an unregistered card's membership, into the person's

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "membership_id": "operational",
        "number": "operational",
        "kind": "declared:loyalty",
        "amount": "declared:loyalty",
        "balance": "declared:loyalty",
        "expires_at": "declared:loyalty",
        "reverses": "operational",
        "moved_from": "operational",
        "visit_id": "operational",
        "act_id": "operational",
        "terminal_id": "operational",
        "operator_id": "operational",
        "at": "declared:loyalty",
        "subject_id": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership_id = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.IntegerField()
    balance = models.IntegerField()  # after this entry
    expires_at = models.DateTimeField(null=True)  # of a lot: when what is left of it runs out
    reverses = models.UUIDField(null=True)  # the entry that this one cancels
    moved_from = models.UUIDField(null=True)  # the entry whose lot goes on here
    visit_id = models.UUIDField(null=True)
    act_id = models.UUIDField(null=True)  # named by the till, so that a repeat is known as one
    terminal_id = models.UUIDField(null=True)
    operator_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    subject_id = models.UUIDField(null=True)

    class Meta:
        db_table = "programmes_ledger_entry"
        indexes = (
            models.Index(fields=["terminal_id", "at"], name="programmes_entry_terminal"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="programmes_entry_expires"),
            models.Index(fields=["membership_id", "at"], condition=Q(kind="earned"), name="programmes_entry_earned"),
            models.Index(
                fields=["membership_id", "expires_at"],
                condition=Q(expires_at__isnull=False),
                name="programmes_entry_ends",
            ),
            models.Index(
                fields=["moved_from"], condition=Q(moved_from__isnull=False), name="programmes_entry_moved_from"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["membership_id", "number"], name="programmes_entry_number"),
            models.UniqueConstraint(fields=["act_id"], name="programmes_entry_act"),
            models.UniqueConstraint(fields=["reverses"], name="programmes_entry_reversed_once"),
            models.UniqueConstraint(fields=["visit_id"], condition=Q(kind="earned"), name="programmes_entry_visit"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="programmes_entry_balance"),
        )


class LotUse(models.Model):
    """So much of a lot was taken by an entry; negative where a reversal put it back."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "entry_id": "operational",
        "lot_id": "operational",
        "amount": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry_id = models.UUIDField()
    lot_id = models.UUIDField()
    amount = models.IntegerField()

    class Meta:
        db_table = "programmes_lot_use"
        indexes = (models.Index(fields=["lot_id"], name="programmes_lot_use_lot"),)
        constraints = (models.UniqueConstraint(fields=["entry_id", "lot_id"], name="programmes_lot_use_once"),)
