"""Who may receive personal data: third parties, their premises, terminals and operators.

Nothing here is about a person who uses a card; operators are data subjects through their account only.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from kliento.kernel.ids import new_id


class ThirdParty(models.Model):
    """An organisation that identifies people at its premises, once it is approved."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        SUSPENDED = "suspended"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "name": "operational",
        "business_id": "operational",
        "country": "operational",
        "state": "operational",
        "arrangement": "operational",
        "arrangement_signed_on": "operational",
        "colour": "operational",
        "added_at": "operational",
        "approved_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    business_id = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    arrangement = models.TextField(default="")  # its essence, shown to people (GDPR Art. 26(2), R-VIS-6)
    arrangement_signed_on = models.DateField(null=True)
    colour = models.PositiveSmallIntegerField()  # of the round logo, 0 to 9
    added_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_third_party"
        constraints = [
            models.UniqueConstraint(fields=["business_id"], name="recipients_third_party_business_id"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(arrangement="") & Q(arrangement_signed_on__isnull=False)),
                name="recipients_third_party_arranged_before_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Premises(models.Model):
    """One physical place of a third party."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "third_party": "operational", "name": "operational"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="premises")
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "recipients_premises"
        constraints = [models.UniqueConstraint(fields=["third_party", "name"], name="recipients_premises_name")]

    def __str__(self) -> str:
        return self.name


class PairingCode(models.Model):
    """A one-time code that turns a device into a terminal of these premises."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "premises": "operational",
        "code_hash": "operational",
        "expires_at": "operational",
        "used_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="pairing_codes")
    code_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_pairing_code"
        constraints = [models.UniqueConstraint(fields=["code_hash"], name="recipients_pairing_code_hash")]

    def __str__(self) -> str:
        return f"pairing code for {self.premises_id}"


class Terminal(models.Model):
    """A paired device. Its secret (128 random bits) is kept by the device alone; here stands the SHA-256."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "premises": "operational",
        "name": "operational",
        "secret_hash": "operational",
        "paired_at": "operational",
        "revoked_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recipients_terminal"
        constraints = [models.UniqueConstraint(fields=["secret_hash"], name="recipients_terminal_secret_hash")]

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """An account that works for a third party. `ended_at` set: it did."""

    class Role(models.TextChoices):
        OWNER = "owner"
        CASHIER = "cashier"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "account": "operational",
        "third_party": "operational",
        "role": "operational",
        "appointed_at": "operational",
        "ended_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="operator_roles")
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="operators")
    role = models.CharField(max_length=10, choices=Role.choices)
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
