"""What is known of the database itself, and every notice that was ever in force."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class DemoData(models.Model):
    """A row says that `kliento demo` filled this database. Production refuses it: nobody can tell who is invented."""

    columns: ClassVar[dict[str, str]] = {"id": "operational", "seeded_at": "operational"}

    seeded_at = models.DateTimeField()

    class Meta:
        db_table = "policy_demo_data"


class Notice(models.Model):
    """A declaration as it was published, and how it read. Consents name it: triggers let rows be added only.

    `document` is the file itself; `read` finds `version` in it again. `texts` is what people read, by language.
    `changes` says of each purpose that changed materially since the notice before why it did, `since` of each purpose
    from which number on a consent to it stands, `fields_since` the same for a consent to a single field.
    """

    columns: ClassVar[dict[str, str]] = {
        "number": "operational",
        "version": "operational",
        "document": "operational",
        "dated": "operational",
        "published_at": "operational",
        "reviewers": "operational",
        "texts": "operational",
        "changes": "operational",
        "since": "operational",
        "fields_since": "operational",
    }

    number = models.PositiveIntegerField(primary_key=True)
    version = models.CharField(max_length=12, unique=True)
    document = models.TextField()
    dated = models.DateField()
    published_at = models.DateTimeField()
    reviewers = models.JSONField()
    texts = models.JSONField(encoder=DjangoJSONEncoder)
    changes = models.JSONField()
    since = models.JSONField()
    fields_since = models.JSONField()

    class Meta:
        db_table = "policy_notice"
