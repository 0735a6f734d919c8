"""Cards and their media. A card code never stands here in clear: sealed for its holder, indexed for the look-up."""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Card(models.Model):
    """The one Kliento Card of a person. `ordinal` is random and leaves this table only encrypted, inside a K2 code."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "person": "operational",
        "ordinal": "operational",
        "issued_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cards")
    ordinal = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "cards_card"
        constraints = [models.UniqueConstraint(fields=["ordinal"], name="cards_card_ordinal")]

    def __str__(self) -> str:
        return f"card {self.id}"


class Medium(models.Model):
    """What carries the card: the phone's rotating code, or a printed number."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        PRINTED = "printed"

    class Level(models.TextChoices):
        """How hard it is to copy."""

        STATIC = "static"
        ROTATING = "rotating"

    class State(models.TextChoices):
        ACTIVE = "active"
        BLOCKED = "blocked"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "card": "operational",
        "kind": "operational",
        "level": "operational",
        "code_index": "index",
        "sealed_code": "sealed",
        "state": "operational",
        "since_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    code_index = models.BinaryField(max_length=32, null=True)  # none for the phone: its codes carry the ordinal
    sealed_code = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    since_at = models.DateTimeField()

    class Meta:
        db_table = "cards_medium"
        constraints = [models.UniqueConstraint(fields=["code_index"], name="cards_medium_code_index")]

    def __str__(self) -> str:
        return f"{self.kind} medium {self.id}"


class SpentCode(models.Model):
    """A rotating code that was used, remembered for as long as a till could still hand it in.

    Plain ids instead of foreign keys: this is written at every tap.
    """

    columns: ClassVar[dict[str, str]] = {
        "digest": "operational",
        "terminal_id": "operational",
        "premises_id": "operational",
        "scan_id": "operational",
        "occurred_at": "operational",
        "expires_at": "operational",
    }

    digest = models.BinaryField(max_length=32, primary_key=True)
    terminal_id = models.UUIDField()
    premises_id = models.UUIDField()
    scan_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "cards_spent_code"
        indexes = [models.Index(fields=["expires_at"], name="cards_spent_code_expires")]

    def __str__(self) -> str:
        return f"code spent by scan {self.scan_id}"
