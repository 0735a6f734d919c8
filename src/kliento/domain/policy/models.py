"""The one fact about the database itself: whether invented people live in it."""

from typing import ClassVar

from django.db import models


class DemoData(models.Model):
    """A row says that `kliento demo` filled this database. Production refuses it: nobody can tell who is invented."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "seeded_at": "operational"}

    seeded_at = models.DateTimeField()

    class Meta:
        db_table = "policy_demo_data"
