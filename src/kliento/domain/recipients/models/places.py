"""Premises, their terminals, and how a terminal comes to be one."""

from typing import ClassVar

from django.db import models

from kliento.domain.recipients.models.companies import ThirdParty
from kliento.kernel.ids import new_id


class Premises(models.Model):
    """One physical place of a third party. `reveals`: what a visit here tells about somebody (R-VIS-7).

    `counts`: visits, or stays: there people show their card on the way in and on the way out.
    """

    class Reveals(models.TextChoices):
        NOTHING = ""
        HEALTH = "health"
        UNION = "union"
        BELIEF = "belief"

    class Counts(models.TextChoices):
        VISITS = "visits"
        STAYS = "stays"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "name": "operational",
        "reveals": "operational",
        "counts": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey(ThirdParty, on_delete=models.PROTECT, related_name="premises")
    name = models.CharField(max_length=120)
    reveals = models.CharField(max_length=10, choices=Reveals.choices, default="", db_default="", blank=True)
    counts = models.CharField(max_length=6, choices=Counts.choices, default=Counts.VISITS, db_default=Counts.VISITS)

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
        "list_handed_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(max_length=60)
    secret_hash = models.BinaryField(max_length=32)
    paired_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    list_handed_at = models.DateTimeField(null=True)  # when it last had its third party's block list

    class Meta:
        db_table = "recipients_terminal"
        constraints = [models.UniqueConstraint(fields=["secret_hash"], name="recipients_terminal_secret_hash")]

    def __str__(self) -> str:
        return self.name
