"""The seal: leaves, tiles, checkpoints, epochs, and which entries were erased by which act."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0004_by_date"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("epoch", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("note", models.TextField()),
                ("last_xid", models.BigIntegerField()),
                ("last_seq", models.BigIntegerField()),
            ],
            options={
                "db_table": "activity_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("origin", models.CharField(max_length=300, unique=True)),
                ("first_size", models.BigIntegerField()),
                ("floor_xid", models.BigIntegerField()),
                ("floor_seq", models.BigIntegerField()),
                ("begun_at", models.DateTimeField()),
                ("entry_id", models.UUIDField(unique=True)),
            ],
            options={
                "db_table": "activity_epoch",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("payload_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "activity_leaf",
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField(max_length=8192)),
            ],
            options={
                "db_table": "activity_tile",
            },
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
                ("erasure_id", models.UUIDField()),
            ],
            options={
                "db_table": "activity_erased",
                "indexes": [models.Index(fields=["erasure_id", "entry_id"], name="activity_erased_together")],
            },
        ),
    ]
