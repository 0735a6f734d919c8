"""The table of choices and the triggers that keep it append-only on both engines.

The one change a row may take is losing its subject, once an Activity cover says that this subject was erased.
"""

import django.db.models
from django.db import migrations, models

import kliento.kernel.ids

SQLITE = (
    """
    CREATE TRIGGER consents_event_no_update BEFORE UPDATE ON consents_event
    WHEN NOT (
        NEW.subject_id IS NULL
        AND OLD.subject_id IN (SELECT subject_id FROM activity_cover)
        AND NEW.id IS OLD.id AND NEW.purpose IS OLD.purpose AND NEW.channel IS OLD.channel
        AND NEW.field IS OLD.field AND NEW.recipient_id IS OLD.recipient_id AND NEW.kind IS OLD.kind
        AND NEW.notice_version IS OLD.notice_version AND NEW.at IS OLD.at
    )
    BEGIN SELECT RAISE(ABORT, 'consents_event is append-only'); END
    """,
    """
    CREATE TRIGGER consents_event_no_delete BEFORE DELETE ON consents_event
    BEGIN SELECT RAISE(ABORT, 'consents_event is append-only'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION consents_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
            AND NEW.subject_id IS NULL
            AND EXISTS (SELECT 1 FROM activity_cover WHERE subject_id = OLD.subject_id)
            AND to_jsonb(NEW) - 'subject_id' = to_jsonb(OLD) - 'subject_id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'consents_event is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER consents_event_guard BEFORE UPDATE OR DELETE ON consents_event
    FOR EACH ROW EXECUTE FUNCTION consents_event_guard()
    """,
    """
    CREATE TRIGGER consents_event_no_truncate BEFORE TRUNCATE ON consents_event
    FOR EACH STATEMENT EXECUTE FUNCTION consents_event_guard()
    """,
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER consents_event_no_update")
        schema_editor.execute("DROP TRIGGER consents_event_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER consents_event_no_truncate ON consents_event")
        schema_editor.execute("DROP TRIGGER consents_event_guard ON consents_event")
        schema_editor.execute("DROP FUNCTION consents_event_guard()")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("activity", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                ("purpose", models.CharField(max_length=60)),
                ("channel", models.CharField(blank=True, default="", max_length=40)),
                ("field", models.CharField(blank=True, default="", max_length=60)),
                ("recipient_id", models.UUIDField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("withdrawn", "Withdrawn"),
                            ("refused", "Refused"),
                            ("shown", "Shown"),
                            ("objected", "Objected"),
                            ("objection_ended", "Objection Ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("notice_version", models.CharField(blank=True, default="", max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "consents_event",
                "indexes": [models.Index(fields=["subject_id", "at"], name="consents_event_by_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.Q(
                            kind__in=["given", "withdrawn", "refused", "shown", "objected", "objection_ended"]
                        ),
                        name="consents_event_kind",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, unguard, elidable=False),
    ]
