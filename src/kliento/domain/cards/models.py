"""Cards, their media and claims. A code never stands here in clear: sealed for its holder, indexed for the look-up.

A card without a person is an unregistered one: its id is the subject of its visits, stamps and Activity. A claim says
that these facts are a person's now; they stay where they hang, the medium is re-pointed to the person's card.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kliento.kernel.ids import new_id


class CardBatch(models.Model):
    """Blank cards that were made together, for one third party to hand out, or for anybody."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "made_at": "operational",
        "size": "operational",
        "note": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.ForeignKey("recipients.ThirdParty", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    size = models.PositiveIntegerField()
    note = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        db_table = "cards_batch"
        indexes = [models.Index(fields=["third_party", "-made_at"], name="cards_batch_third_party")]

    def __str__(self) -> str:
        return f"{self.size} blank cards"


class Card(models.Model):
    """The one Kliento Card of a person, or an unregistered card, which has none.

    `ordinal` is random and leaves this table only encrypted, inside a K2 code.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "person": "operational",
        "batch": "operational",
        "ordinal": "operational",
        "issued_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="cards")
    batch = models.ForeignKey(CardBatch, null=True, on_delete=models.PROTECT, related_name="cards")
    ordinal = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "cards_card"
        constraints = [models.UniqueConstraint(fields=["ordinal"], name="cards_card_ordinal")]

    def __str__(self) -> str:
        return f"card {self.id}"


class Medium(models.Model):
    """What carries the card: the phone's rotating code, a printed number, an NFC sticker, a travel card."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        PRINTED = "printed"
        NFC = "nfc"
        TRAVEL = "travel"

    class Level(models.TextChoices):
        """How hard it is to copy, the weakest first (`rules.at_least`)."""

        UID = "uid"
        STATIC = "static"
        ROTATING = "rotating"
        CRYPTOGRAPHIC = "cryptographic"

    class State(models.TextChoices):
        """Blocked by its holder, or replaced by another medium. Neither is accepted anywhere."""

        ACTIVE = "active"
        BLOCKED = "blocked"
        REPLACED = "replaced"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "card": "operational",
        "kind": "operational",
        "level": "operational",
        "code_index": "index",
        "sealed_code": "sealed",
        "code_owner_id": "operational",
        "sealed_name": "sealed",
        "state": "operational",
        "since_at": "operational",
        "added_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=13, choices=Level.choices)
    code_index = models.BinaryField(max_length=32, null=True)  # none for the phone: its codes carry the ordinal
    sealed_code = models.BinaryField(null=True)
    code_owner_id = models.UUIDField(null=True)  # under whose key the code is sealed; none: the person of the card
    sealed_name = models.BinaryField(null=True)  # the person's own word for it
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    since_at = models.DateTimeField()  # when it got that state
    added_at = models.DateTimeField(null=True)  # when its holder got it; none: before that was kept

    class Meta:
        db_table = "cards_medium"
        constraints = [models.UniqueConstraint(fields=["code_index"], name="cards_medium_code_index")]
        indexes = [  # what block lists are made of
            models.Index(
                fields=["since_at", "kind"],
                condition=Q(state__in=["blocked", "replaced"]),
                name="cards_medium_not_accepted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} medium {self.id}"

    @property
    def is_own_number(self) -> bool:
        """Whether it is the number that came with the person's card, not one that a claimed card brought."""
        return self.kind == self.Kind.PRINTED and self.code_owner_id is None


class Claim(models.Model):
    """The facts of an unregistered card are this person's, unless it was undone. Written when a claim code is entered.

    `replaced` is the medium the person gave up for it (card change), to be used again if the claim is undone. The place
    is where the code was given.
    """

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "subject_id": "operational",
        "person_id": "operational",
        "medium_id": "operational",
        "replaced_id": "operational",
        "terminal_id": "operational",
        "premises_id": "operational",
        "third_party_id": "operational",
        "claimed_at": "operational",
        "undo_until": "operational",
        "undone_at": "operational",
        "announced_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    person_id = models.UUIDField()
    medium_id = models.UUIDField()
    replaced_id = models.UUIDField(null=True)
    terminal_id = models.UUIDField()
    premises_id = models.UUIDField()
    third_party_id = models.UUIDField()
    claimed_at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)  # when a letter told the owners of the till

    class Meta:
        db_table = "cards_claim"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id"], condition=Q(undone_at__isnull=True), name="cards_claim_subject"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__lt=F("undo_until")),
                name="cards_claim_undone_in_time",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="cards_claim_person"),
            models.Index(fields=["third_party_id", "-claimed_at"], name="cards_claim_third_party"),
            models.Index(fields=["third_party_id", "announced_at"], name="cards_claim_announced"),
            models.Index(
                fields=["third_party_id"],
                condition=Q(announced_at__isnull=True, undone_at__isnull=True),
                name="cards_claim_to_announce",
            ),
        ]

    def __str__(self) -> str:
        return f"claim of {self.subject_id}"


class ClaimCode(models.Model):
    """A claim code that a till gave to the holder of a card during their visit; single use, at most one waits for each.

    The code itself is nowhere: its keyed hash is what it is found by.
    """

    columns: ClassVar[dict[str, str]] = {
        "digest": "index",
        "card_id": "operational",
        "medium_id": "operational",
        "visit_id": "operational",
        "terminal_id": "operational",
        "premises_id": "operational",
        "third_party_id": "operational",
        "made_at": "operational",
        "expires_at": "operational",
        "used_at": "operational",
        "used_by": "operational",
    }

    digest = models.BinaryField(max_length=32, primary_key=True)
    card_id = models.UUIDField()
    medium_id = models.UUIDField()
    visit_id = models.UUIDField()
    terminal_id = models.UUIDField()
    premises_id = models.UUIDField()
    third_party_id = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.UUIDField(null=True)

    class Meta:
        db_table = "cards_claim_code"
        constraints = [
            models.UniqueConstraint(
                fields=["card_id"], condition=Q(used_at__isnull=True), name="cards_claim_code_one_waits"
            )
        ]
        indexes = [
            models.Index(fields=["terminal_id", "made_at"], name="cards_claim_code_terminal"),
            models.Index(fields=["expires_at"], name="cards_claim_code_expires"),
            models.Index(fields=["third_party_id", "-made_at"], name="cards_claim_code_third_party"),
        ]

    def __str__(self) -> str:
        return f"claim code of card {self.card_id}"


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
        "overruled_terminal_id": "operational",
        "overruled_scan_id": "operational",
    }

    digest = models.BinaryField(max_length=32, primary_key=True)
    terminal_id = models.UUIDField()
    premises_id = models.UUIDField()
    scan_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The scan that stood here until this one, which was earlier, came in (docs/decisions/0024).
    overruled_terminal_id = models.UUIDField(null=True)
    overruled_scan_id = models.UUIDField(null=True)

    class Meta:
        db_table = "cards_spent_code"
        indexes = [models.Index(fields=["expires_at"], name="cards_spent_code_expires")]

    def __str__(self) -> str:
        return f"code spent by scan {self.scan_id}"
