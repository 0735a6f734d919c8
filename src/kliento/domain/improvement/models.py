"""How often each page was opened on a day. No subject, no session, no address, no browser: nobody is in it."""

from typing import ClassVar

from django.db import models


class UsageDay(models.Model):
    """One page on one day."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "day": "declared:usage",
        "page": "declared:usage",
        "count": "declared:usage",
    }

    day = models.DateField()
    page = models.CharField(max_length=80)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "improvement_usage_day"
        constraints = (models.UniqueConstraint(fields=["day", "page"], name="improvement_usage_day_page"),)
