"""Who may receive personal data: third parties, their premises, terminals and operators; and what operators did.

Nothing here is about a person who uses a card; operators are data subjects through their account only.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from kliento.domain.recipients.rules import USUAL_PURPOSES
from kliento.kernel.ids import new_id


def usual_purposes() -> list[str]:
    """A list of its own for each new row."""
    return list(USUAL_PURPOSES)


class ThirdParty(models.Model):
    """An organisation that identifies people at its premises, once it is approved."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        SUSPENDED = "suspended"

    class Least(models.TextChoices):
        UID = "uid"
        STATIC = "static"
        ROTATING = "rotating"

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "name": "operational",
        "business_id": "operational",
        "country": "operational",
        "state": "operational",
        "arrangement": "operational",
        "arrangement_signed_on": "operational",
        "transfer_mechanism": "operational",
        "transfer_reference": "operational",
        "transfer_dated": "operational",
        "purposes": "operational",
        "least_to_identify": "operational",
        "least_to_redeem": "operational",
        "pin_wanted": "operational",
        "colour": "operational",
        "language": "operational",
        "added_at": "operational",
        "approved_at": "operational",
        "suspended_at": "operational",
        "suspended_by": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    business_id = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    arrangement = models.TextField(default="")  # its essence, shown to people (GDPR Art. 26(2), R-VIS-6)
    arrangement_signed_on = models.DateField(null=True)
    # What data goes there on, outside the EEA: which mechanism, which decision or contract, from which day (R-TRF-1).
    transfer_mechanism = models.CharField(max_length=30, default="", db_default="", blank=True)
    transfer_reference = models.CharField(max_length=200, default="", db_default="", blank=True)
    transfer_dated = models.DateField(null=True)
    purposes = models.JSONField(  # what it is approved for, codes of the declaration
        default=usual_purposes, db_default=Value(list(USUAL_PURPOSES), output_field=models.JSONField())
    )
    # The weakest medium it takes: to be identified, and to be given a reward. `cards.rules.at_least` compares.
    least_to_identify = models.CharField(max_length=16, choices=Least.choices, default=Least.UID, db_default=Least.UID)
    least_to_redeem = models.CharField(
        max_length=16, choices=Least.choices, default=Least.STATIC, db_default=Least.STATIC
    )
    pin_wanted = models.BooleanField(default=False, db_default=False)  # its tills open for an operator's PIN only
    colour = models.PositiveSmallIntegerField()  # of the round logo, 0 to 9
    # What it writes in, and the essence of its arrangement: "fi", "sv", "en"; empty: not said (docs/decisions/0021).
    language = models.CharField(max_length=2, default="", db_default="", blank=True)
    added_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    # While it is stopped: since when, and who stopped it, as they are called where the command was given.
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.CharField(max_length=80, default="", db_default="", blank=True)

    class Meta:
        db_table = "recipients_third_party"
        constraints = [
            models.UniqueConstraint(fields=["business_id"], name="recipients_third_party_business_id"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(arrangement="") & Q(arrangement_signed_on__isnull=False)),
                name="recipients_third_party_arranged_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(transfer_mechanism="") | (~Q(transfer_reference="") & Q(transfer_dated__isnull=False)),
                name="recipients_third_party_transfer_said_in_full",
            ),
        ]

    def __str__(self) -> str:
        return self.name


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

    Deleted a week after its end (R-STF-4). Its id tells nothing: the terminal seals it with what it keeps.
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


class FileUnderWay(models.Model):
    """The one file a third party may be taking along at a time. Its end frees the place; a crash lets it run out."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "third_party": "operational", "until": "operational"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.OneToOneField(ThirdParty, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        db_table = "recipients_file_under_way"

    def __str__(self) -> str:
        return f"file of {self.third_party_id}"
