"""Sealed values and their owners; data keys and the erasure list in the database `keys`."""

from django.db import migrations, models

import kliento.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "subject_hash",
                    models.BinaryField(max_length=32, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "vault_erasure",
            },
        ),
        migrations.CreateModel(
            name="Owner",
            fields=[
                ("owner_id", models.UUIDField(primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "vault_owner",
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("owner_id", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped", models.BinaryField(max_length=40)),
                ("epoch", models.CharField(max_length=7)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "vault_data_key",
                "indexes": [models.Index(fields=["epoch", "owner_id"], name="vault_data_key_epoch")],
            },
        ),
        migrations.CreateModel(
            name="Value",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner_id", models.UUIDField()),
                ("field", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=40)),
                ("hidden", models.BooleanField(default=False)),
                ("nonce", models.BinaryField(max_length=12)),
                ("ciphertext", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "vault_value",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner_id", "field", "version"),
                        name="vault_value_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("owner_id", "field"),
                        name="vault_value_current",
                    ),
                ],
            },
        ),
    ]
