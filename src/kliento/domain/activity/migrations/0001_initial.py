"""The log, its counters and covers, and the triggers that keep the log append-only on both engines.

The one change a row may take is the erased shape: subject, salt and payload become NULL, once a cover says that this
subject is erased. Django rebuilds a table on SQLite when it alters one: a later migration that alters
`activity_entry` must lay these triggers again.
"""

from django.db import migrations, models

import kliento.kernel.ids

SQLITE = (
    """
    CREATE TRIGGER activity_entry_no_update BEFORE UPDATE ON activity_entry
    WHEN NOT (
        NEW.subject_id IS NULL AND NEW.salt IS NULL AND NEW.payload IS NULL
        AND EXISTS (SELECT 1 FROM activity_cover WHERE subject_id IS OLD.subject_id)
        AND NEW.seq IS OLD.seq AND NEW.id IS OLD.id AND NEW.xid IS OLD.xid AND NEW.number IS OLD.number
        AND NEW.kind IS OLD.kind AND NEW.recipient_id IS OLD.recipient_id AND NEW.purpose IS OLD.purpose
        AND NEW.basis IS OLD.basis AND NEW.fields IS OLD.fields AND NEW.at IS OLD.at AND NEW.until IS OLD.until
    )
    BEGIN SELECT RAISE(ABORT, 'activity_entry is append-only'); END
    """,
    """
    CREATE TRIGGER activity_entry_no_delete BEFORE DELETE ON activity_entry
    BEGIN SELECT RAISE(ABORT, 'activity_entry is append-only'); END
    """,
)
POSTGRESQL = (
    "ALTER TABLE activity_entry ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint",
    """
    CREATE FUNCTION activity_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
            AND NEW.subject_id IS NULL AND NEW.salt IS NULL AND NEW.payload IS NULL
            AND EXISTS (SELECT 1 FROM activity_cover WHERE subject_id = OLD.subject_id)
            AND to_jsonb(NEW) - '{subject_id,salt,payload}'::text[] = to_jsonb(OLD) - '{subject_id,salt,payload}'::text[]
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'activity_entry is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER activity_entry_guard BEFORE UPDATE OR DELETE ON activity_entry
    FOR EACH ROW EXECUTE FUNCTION activity_entry_guard()
    """,
    """
    CREATE TRIGGER activity_entry_no_truncate BEFORE TRUNCATE ON activity_entry
    FOR EACH STATEMENT EXECUTE FUNCTION activity_entry_guard()
    """,
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER activity_entry_no_update")
        schema_editor.execute("DROP TRIGGER activity_entry_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER activity_entry_no_truncate ON activity_entry")
        schema_editor.execute("DROP TRIGGER activity_entry_guard ON activity_entry")
        schema_editor.execute("DROP FUNCTION activity_entry_guard()")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("subject_id", models.UUIDField(primary_key=True, serialize=False)),
                ("last_number", models.BigIntegerField()),
            ],
            options={
                "db_table": "activity_counter",
            },
        ),
        migrations.CreateModel(
            name="Cover",
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
                ("subject_id", models.UUIDField(unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "activity_cover",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "id",
                    models.UUIDField(default=kliento.kernel.ids.new_id, editable=False, unique=True),
                ),
                ("xid", models.BigIntegerField(db_default=0)),
                ("subject_id", models.UUIDField(null=True)),
                ("number", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=60)),
                ("recipient_id", models.UUIDField(null=True)),
                ("purpose", models.CharField(blank=True, default="", max_length=60)),
                ("basis", models.CharField(blank=True, default="", max_length=30)),
                ("fields", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("payload", models.JSONField(null=True)),
            ],
            options={
                "db_table": "activity_entry",
                "indexes": [models.Index(fields=["subject_id", "-seq"], name="activity_entry_subject")],
                "constraints": [models.UniqueConstraint(fields=("subject_id", "number"), name="activity_entry_number")],
            },
        ),
        migrations.RunPython(guard, unguard, elidable=False),
    ]
