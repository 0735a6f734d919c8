"""Cards without a person, blank cards, claims and their codes; more kinds of media. Safe while the previous version runs.

Going back deletes the unregistered cards: that version knows no card without a person.
"""

import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids


def keep(apps, schema_editor):
    pass


def forget_unregistered_cards(apps, schema_editor):
    schema_editor.execute(
        "DELETE FROM cards_medium WHERE level = 'cryptographic'"
        " OR card_id IN (SELECT id FROM cards_card WHERE person_id IS NULL)"
    )
    schema_editor.execute("DELETE FROM cards_card WHERE person_id IS NULL")
    if schema_editor.connection.vendor == "postgresql":  # what is still to be checked would keep tables from changing
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0001_initial"),
        ("people", "0001_initial"),
        ("recipients", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="medium",
            name="code_owner_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="medium",
            name="sealed_name",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="card",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="people.person"
            ),
        ),
        migrations.AlterField(
            model_name="medium",
            name="kind",
            field=models.CharField(
                choices=[("phone", "Phone"), ("printed", "Printed"), ("nfc", "Nfc"), ("travel", "Travel")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="medium",
            name="level",
            field=models.CharField(
                choices=[
                    ("uid", "Uid"),
                    ("static", "Static"),
                    ("rotating", "Rotating"),
                    ("cryptographic", "Cryptographic"),
                ],
                max_length=13,
            ),
        ),
        migrations.AlterField(
            model_name="medium",
            name="state",
            field=models.CharField(
                choices=[("active", "Active"), ("blocked", "Blocked"), ("replaced", "Replaced")],
                default="active",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="CardBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("size", models.PositiveIntegerField()),
                ("note", models.CharField(blank=True, default="", max_length=120)),
                (
                    "third_party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recipients.thirdparty",
                    ),
                ),
            ],
            options={
                "db_table": "cards_batch",
            },
        ),
        migrations.AddField(
            model_name="card",
            name="batch",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="cards.cardbatch"
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("medium_id", models.UUIDField()),
                ("replaced_id", models.UUIDField(null=True)),
                ("terminal_id", models.UUIDField()),
                ("premises_id", models.UUIDField()),
                ("third_party_id", models.UUIDField()),
                ("claimed_at", models.DateTimeField()),
                ("undo_until", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cards_claim",
                "indexes": [
                    models.Index(fields=["person_id"], name="cards_claim_person"),
                    models.Index(fields=["third_party_id", "-claimed_at"], name="cards_claim_third_party"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("subject_id",),
                        name="cards_claim_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at__isnull", True), ("undone_at__lt", models.F("undo_until")), _connector="OR"
                        ),
                        name="cards_claim_undone_in_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimCode",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("card_id", models.UUIDField()),
                ("medium_id", models.UUIDField()),
                ("visit_id", models.UUIDField()),
                ("terminal_id", models.UUIDField()),
                ("premises_id", models.UUIDField()),
                ("third_party_id", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("used_by", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "cards_claim_code",
                "indexes": [
                    models.Index(fields=["terminal_id", "made_at"], name="cards_claim_code_terminal"),
                    models.Index(fields=["expires_at"], name="cards_claim_code_expires"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=("card_id",),
                        name="cards_claim_code_one_waits",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="cardbatch",
            index=models.Index(fields=["third_party", "-made_at"], name="cards_batch_third_party"),
        ),
        migrations.RunPython(keep, forget_unregistered_cards, elidable=False),
    ]
