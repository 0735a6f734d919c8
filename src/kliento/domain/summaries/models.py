"""How far the summaries of a month have come on each channel."""

from typing import ClassVar

from django.db import models


class Run(models.Model):
    """One month on one channel: everybody up to `after` has been seen to; all once `done_at` is set."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "month": "operational",
        "channel": "operational",
        "after": "operational",
        "done_at": "operational",
    }

    month = models.DateField()
    channel = models.CharField(max_length=40)
    after = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "summaries_run"
        constraints = (models.UniqueConstraint(fields=["month", "channel"], name="summaries_run_month"),)
