"""How far the log was followed, what was told today, and who wants letters about it."""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Follower(models.Model):
    """One row: the place in the sealed log from where to read on, and above which `seq` an entry is told at all."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "next_index": "operational",
        "above_seq": "operational",
    }

    id = models.PositiveSmallIntegerField(primary_key=True)
    next_index = models.BigIntegerField()
    above_seq = models.BigIntegerField()

    class Meta:
        db_table = "alerts_follower"


class Told(models.Model):
    """That somebody was told of something on a day, so that it is not told again; kept for a few days."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "person_id": "operational",
        "alert": "declared:messages",
        "third_party_id": "operational",
        "day": "declared:messages",
        "by_letter": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    alert = models.CharField(max_length=40)
    third_party_id = models.UUIDField()
    day = models.DateField()
    by_letter = models.BooleanField()

    class Meta:
        db_table = "alerts_told"
        constraints = (
            models.UniqueConstraint(
                fields=["person_id", "day", "alert", "third_party_id"], name="alerts_told_once_a_day"
            ),
        )
        indexes = (models.Index(fields=["day"], name="alerts_told_day"),)


class Letters(models.Model):
    """That somebody wants a letter as well. Nobody does unless they said so."""

    columns: ClassVar[dict[str, str]] = {"person_id": "operational", "since_at": "operational"}

    person_id = models.UUIDField(primary_key=True)
    since_at = models.DateTimeField()

    class Meta:
        db_table = "alerts_letters"
