"""Sealed values, and apart from them the keys that open them.

`Value` and `Owner` live with everything else; `DataKey` and `Erasure` live in the database `keys` (see
`config/routers.py`), so that no copy of one database opens anything by itself. `Instance` and `KeysInstance` say that
the two belong together.
"""

from typing import ClassVar

from django.db import models

from kliento.kernel.ids import new_id


class Value(models.Model):
    """One version of one field of one owner, sealed. At most one version of a field is the current one."""

    columns: ClassVar[dict[str, str]] = {
        "id": "operational",
        "owner_id": "operational",
        "field": "operational",
        "version": "operational",
        "source": "operational",
        "hidden": "operational",
        "nonce": "sealed",
        "ciphertext": "sealed",
        "stored_at": "operational",
        "superseded_at": "operational",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField()
    field = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    source = models.CharField(max_length=40)
    hidden = models.BooleanField(default=False)
    nonce = models.BinaryField(max_length=12)
    ciphertext = models.BinaryField()
    stored_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "vault_value"
        constraints = (
            models.UniqueConstraint(fields=["owner_id", "field", "version"], name="vault_value_version"),
            models.UniqueConstraint(
                fields=["owner_id", "field"],
                condition=models.Q(superseded_at__isnull=True),
                name="vault_value_current",
            ),
        )


class Owner(models.Model):
    """Says that something sealed for this owner was committed here; a data key without this row is an orphan."""

    columns: ClassVar[dict[str, str]] = {"owner_id": "operational"}

    owner_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "vault_owner"


class DataKey(models.Model):
    """The key of one owner, wrapped by the key of its epoch (`2026-11`). Database `keys`."""

    columns: ClassVar[dict[str, str]] = {
        "owner_id": "operational",
        "wrapped": "sealed",
        "epoch": "operational",
        "made_at": "operational",
    }

    owner_id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField(max_length=40)
    epoch = models.CharField(max_length=7)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "vault_data_key"
        indexes = (models.Index(fields=["epoch", "owner_id"], name="vault_data_key_epoch"),)


class Erasure(models.Model):
    """The erasure list: whose keys were destroyed, so that a restored backup is erased again. Database `keys`."""

    columns: ClassVar[dict[str, str]] = {"subject_hash": "index", "at": "operational"}

    subject_hash = models.BinaryField(primary_key=True, max_length=32)
    at = models.DateTimeField()

    class Meta:
        db_table = "vault_erasure"


class Instance(models.Model):
    """Which instance the main database belongs to: one random id, the same as in `KeysInstance`. At most one row."""

    columns: ClassVar[dict[str, str]] = {"only": "operational", "instance_id": "operational"}

    only = models.BooleanField(primary_key=True, default=True)
    instance_id = models.UUIDField()

    class Meta:
        db_table = "vault_instance"
        constraints = (models.CheckConstraint(condition=models.Q(only=True), name="vault_instance_only"),)


class KeysInstance(models.Model):
    """Which instance the database `keys` belongs to. At most one row."""

    columns: ClassVar[dict[str, str]] = {"only": "operational", "instance_id": "operational"}

    only = models.BooleanField(primary_key=True, default=True)
    instance_id = models.UUIDField()

    class Meta:
        db_table = "vault_keys_instance"
        constraints = (models.CheckConstraint(condition=models.Q(only=True), name="vault_keys_instance_only"),)
