"""The seal: every entry as a leaf of one Merkle tree, the tree's hashes, and what the log says of itself.

Nothing here refers to a person. There is no column that the verification leaves out (`queries.verifying`).
"""

from typing import ClassVar

from django.db import models


class Epoch(models.Model):
    """The log's life between two restorings. The tree goes on through all of them; checkpoints name theirs.

    A sealed entry (`log_begun`) carries the hash of this row.
    """

    columns: ClassVar[dict[str, str]] = {
        "number": "operational",
        "origin": "operational",
        "first_size": "operational",
        "floor_xid": "operational",
        "floor_seq": "operational",
        "begun_at": "operational",
        "entry_id": "operational",
    }

    number = models.PositiveIntegerField(primary_key=True)
    origin = models.CharField(max_length=300, unique=True)
    first_size = models.BigIntegerField()  # how many leaves there were
    # Where sealing goes on: a restored PostgreSQL counts its transactions anew, so older entries are told by `seq`.
    floor_xid = models.BigIntegerField()
    floor_seq = models.BigIntegerField()
    begun_at = models.DateTimeField()
    entry_id = models.UUIDField(unique=True)

    class Meta:
        db_table = "activity_epoch"


class Leaf(models.Model):
    """One sealed entry; erasing it and dropping old partitions leave this row alone."""

    columns: ClassVar[dict[str, str]] = {
        "index": "operational",
        "entry_id": "operational",
        "payload_hash": "operational",
        "hash": "operational",
    }

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    payload_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "activity_leaf"


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, one after another (`rules.tiles`)."""

    columns: ClassVar[dict[str, str]] = {
        "level": "operational",
        "index": "operational",
        "hashes": "operational",
    }

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        db_table = "activity_tile"


class Checkpoint(models.Model):
    """The newest signed checkpoint of each epoch, and up to where the log was sealed with it.

    Earlier ones are kept where the database's owner cannot change them unseen: with witnesses, and in the folder of
    `actions.publishing`.
    """

    columns: ClassVar[dict[str, str]] = {
        "epoch": "operational",
        "size": "operational",
        "note": "operational",
        "last_xid": "operational",
        "last_seq": "operational",
    }

    epoch = models.PositiveIntegerField(primary_key=True)
    size = models.BigIntegerField()
    note = models.TextField()
    last_xid = models.BigIntegerField()
    last_seq = models.BigIntegerField()

    class Meta:
        db_table = "activity_checkpoint"


class Erased(models.Model):
    """An entry that was erased, and the sealed entry (`entries_erased`) that says so and carries the list's hash."""

    columns: ClassVar[dict[str, str]] = {
        "entry_id": "operational",
        "erasure_id": "operational",
    }

    entry_id = models.UUIDField(primary_key=True)
    erasure_id = models.UUIDField()

    class Meta:
        db_table = "activity_erased"
        indexes = (models.Index(fields=["erasure_id", "entry_id"], name="activity_erased_together"),)
