"""Third parties, and the one file each of them, and each person, may be taking along."""

from typing import ClassVar

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


class FileUnderWay(models.Model):
    """The one file a third party, or a person, may be taking along at a time. Its end frees the place; a crash lets it
    run out."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "third_party": "operational",
        "person": "operational",
        "until": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    third_party = models.OneToOneField(ThirdParty, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        db_table = "recipients_file_under_way"
        constraints = [
            models.CheckConstraint(
                condition=Q(third_party__isnull=True, person__isnull=False)
                | Q(third_party__isnull=False, person__isnull=True),
                name="recipients_file_is_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"file of {self.third_party_id or self.person_id}"
