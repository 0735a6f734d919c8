"""Operators: who works for a third party, at which till since when, what they did, and who is invited."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from kliento.domain.recipients.models.companies import ThirdParty
from kliento.domain.recipients.models.places import Terminal
from kliento.kernel.ids import new_id


class Operator(models.Model):
    """An account that works for a third party. `ended_at` set: it did. The account goes, the row stays without it."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MANAGER = "manager"
        TILL = "till"
        ANALYST = "analyst"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "third_party": "operational",
        "role": "operational",
        "sealed_name": "sealed",
        "pin": "operational",
        "pin_failures": "operational",
        "pin_locked_until": "operational",
        "appointed_at": "operational",
        "ended_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="operator_roles"
    )
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="operators")
    role = models.CharField(max_length=10, choices=Role.choices)
    sealed_name = models.BinaryField(default=b"", db_default=b"")  # how the team knows them, under the account's key
    # At a till they say who they are with a PIN: its slow hash, empty without one; wrong ones in a row; shut out until.
    pin = models.CharField(max_length=128, default="", db_default="", blank=True)
    pin_failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    pin_locked_until = models.DateTimeField(null=True)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_operator"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "third_party"],
                condition=Q(ended_at__isnull=True),
                name="recipients_operator_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.third_party_id}"


class ShiftAtTill(models.Model):
    """Who was on duty at a terminal, from when until when: what it hands in late is noted for whoever was on duty then.

    Deleted eight days after its end (R-STF-4). Its id tells nothing: the terminal seals it with what it keeps.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "terminal": "operational",
        "operator": "operational",
        "began_at": "operational",
        "ended_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    terminal = models.ForeignKey(Terminal, on_delete=models.CASCADE, related_name="+")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_shift"
        constraints = [
            models.UniqueConstraint(
                fields=["terminal"], condition=Q(ended_at__isnull=True), name="recipients_shift_one_at_a_time"
            )
        ]
        indexes = (models.Index(fields=["ended_at"], name="recipients_shift_ended"),)

    def __str__(self) -> str:
        return f"shift at {self.terminal_id}"


class Invitation(models.Model):
    """Somebody was invited to a team by mail. The address is sealed under this id, which an account may take over.

    Whether the address has an account is asked by nobody (threat 5). The link's secret stands here as SHA-256.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "role": "operational",
        "login_index": "index",
        "sealed_address": "sealed",
        "token_hash": "index",
        "invited_by": "operational",
        "made_at": "operational",
        "expires_at": "operational",
        "accepted_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey(ThirdParty, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Operator.Role.choices)
    login_index = models.CharField(max_length=64)
    sealed_address = models.BinaryField()  # for the team's own list; delivery has a copy of its own in the vault
    token_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_invitation"
        indexes = (models.Index(fields=["expires_at"], name="recipients_invitation_expiry"),)

    def __str__(self) -> str:
        return f"invitation to {self.third_party_id}"


class OperatorAct(models.Model):
    """What an operator did, for the third party's own audit. `reference` is an id, a number or a code, never a value.
    At a till that asks nobody who they are there is no operator.

    Its id counts up: the audit is read by it, newest first.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "operator": "operational",
        "act": "operational",
        "reference": "operational",
        "at": "operational",
    }

    id = models.BigAutoField(primary_key=True)
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "recipients_operator_act"
        indexes = (
            models.Index(fields=["third_party", "-id"], name="recipients_act_third_party"),
            models.Index(fields=["at"], name="recipients_act_at"),
        )

    def __str__(self) -> str:
        return f"{self.act} by {self.operator_id}"
