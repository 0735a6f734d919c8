"""Programmes, memberships and the ledger, and the triggers that keep the ledger append-only on both engines.

The one change an entry may take is losing its subject, once an Activity cover says that this subject was erased. A
later migration that alters these tables on SQLite, where Django rebuilds them, must lay the triggers again.
"""

import django.db.models.deletion
from django.db import migrations, models

import kliento.kernel.ids

SQLITE = (
    """
    CREATE TRIGGER programmes_ledger_entry_no_update BEFORE UPDATE ON programmes_ledger_entry
    WHEN NOT (
        NEW.subject_id IS NULL
        AND OLD.subject_id IN (SELECT subject_id FROM activity_cover)
        AND NEW.id IS OLD.id AND NEW.membership_id IS OLD.membership_id AND NEW.number IS OLD.number
        AND NEW.kind IS OLD.kind AND NEW.amount IS OLD.amount AND NEW.balance IS OLD.balance
        AND NEW.expires_at IS OLD.expires_at AND NEW.reverses IS OLD.reverses AND NEW.visit_id IS OLD.visit_id
        AND NEW.act_id IS OLD.act_id AND NEW.terminal_id IS OLD.terminal_id AND NEW.operator_id IS OLD.operator_id
        AND NEW.at IS OLD.at
    )
    BEGIN SELECT RAISE(ABORT, 'programmes_ledger_entry is append-only'); END
    """,
    """
    CREATE TRIGGER programmes_ledger_entry_no_delete BEFORE DELETE ON programmes_ledger_entry
    BEGIN SELECT RAISE(ABORT, 'programmes_ledger_entry is append-only'); END
    """,
    """
    CREATE TRIGGER programmes_lot_use_no_update BEFORE UPDATE ON programmes_lot_use
    BEGIN SELECT RAISE(ABORT, 'programmes_lot_use is append-only'); END
    """,
    """
    CREATE TRIGGER programmes_lot_use_no_delete BEFORE DELETE ON programmes_lot_use
    BEGIN SELECT RAISE(ABORT, 'programmes_lot_use is append-only'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION programmes_ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'programmes_ledger_entry' THEN
            IF NEW.subject_id IS NULL
                AND EXISTS (SELECT 1 FROM activity_cover WHERE subject_id = OLD.subject_id)
                AND to_jsonb(NEW) - 'subject_id' = to_jsonb(OLD) - 'subject_id'
            THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    *(
        statement
        for table in ("programmes_ledger_entry", "programmes_lot_use")
        for statement in (
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION programmes_ledger_guard()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION programmes_ledger_guard()",
        )
    ),
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, None)


def unguard(apps, schema_editor):
    for table in ("programmes_ledger_entry", "programmes_lot_use"):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_update")
            schema_editor.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
            schema_editor.execute(f"DROP TRIGGER {table}_guard ON {table}")
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION programmes_ledger_guard()")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("activity", "0001_initial"),
        ("recipients", "0001_initial"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("membership_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("earned", "Earned"),
                            ("redeemed", "Redeemed"),
                            ("reversed", "Reversed"),
                            ("ran_out", "Ran Out"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.IntegerField()),
                ("balance", models.IntegerField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("reverses", models.UUIDField(null=True)),
                ("visit_id", models.UUIDField(null=True)),
                ("act_id", models.UUIDField(null=True)),
                ("terminal_id", models.UUIDField(null=True)),
                ("operator_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("subject_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "programmes_ledger_entry",
                "indexes": [
                    models.Index(fields=["terminal_id", "at"], name="programmes_entry_terminal"),
                    models.Index(
                        condition=models.Q(("expires_at__isnull", False)),
                        fields=["expires_at"],
                        name="programmes_entry_expires",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("membership_id", "number"), name="programmes_entry_number"),
                    models.UniqueConstraint(fields=("act_id",), name="programmes_entry_act"),
                    models.UniqueConstraint(fields=("reverses",), name="programmes_entry_reversed_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "earned")), fields=("visit_id",), name="programmes_entry_visit"
                    ),
                    models.CheckConstraint(condition=models.Q(("balance__gte", 0)), name="programmes_entry_balance"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.UUIDField()),
                ("lot_id", models.UUIDField()),
                ("amount", models.IntegerField()),
            ],
            options={
                "db_table": "programmes_lot_use",
                "indexes": [models.Index(fields=["lot_id"], name="programmes_lot_use_lot")],
                "constraints": [models.UniqueConstraint(fields=("entry_id", "lot_id"), name="programmes_lot_use_once")],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("reward", models.CharField(max_length=120)),
                ("stamps_needed", models.PositiveSmallIntegerField()),
                ("fields", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("most_a_day", models.PositiveSmallIntegerField(default=2)),
                ("stamps_last_days", models.PositiveSmallIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "third_party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recipients.thirdparty"
                    ),
                ),
            ],
            options={
                "db_table": "programmes_programme",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                ("taken_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "relationship",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.relationship",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "programmes_membership",
            },
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("third_party",),
                name="programmes_programme_open",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["subject_id"], name="programmes_membership_subject"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("programme", "relationship"), name="programmes_membership_one_for_each"
            ),
        ),
        migrations.RunPython(guard, unguard, elidable=False),
    ]
