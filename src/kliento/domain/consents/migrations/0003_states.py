"""How each choice stands, kept by the database itself on every new event; the words shown; two kinds of event more.

Safe while the previous version runs: what it adds counts too, and the new columns have defaults. On SQLite a table that
is altered is made anew without its triggers, so all of them are laid again; PostgreSQL's are exchanged.
"""

from importlib import import_module

import django.db.models
from django.db import migrations, models

FIRST = import_module("kliento.domain.consents.migrations.0001_initial")
NO_REPLACING = import_module("kliento.domain.consents.migrations.0002_no_replacing").NO_REPLACING
NOBODY = "00000000-0000-0000-0000-000000000000"

KINDS = ["shown", "given", "refused", "withdrawn", "expired", "outdated", "objected", "objection_ended"]

ERASED = "OLD.subject_id IN (SELECT subject_id FROM activity_cover)"
RUN_OUT = "OLD.kind IN ('shown', 'refused') AND EXISTS (SELECT 1 FROM consents_past_retention WHERE before > OLD.at)"

SQLITE_NO_UPDATE = (
    FIRST.SQLITE[0]
    .replace(f"AND {ERASED}", f"AND ({ERASED} OR ({RUN_OUT}))")
    .replace(
        "AND NEW.at IS OLD.at",
        "AND NEW.language IS OLD.language AND NEW.wording IS OLD.wording AND NEW.at IS OLD.at",
    )
)
COUNTED = """
    INSERT INTO consents_state
        (subject_id, matter, purpose, channel, field, recipient_id, kind, notice_number, event_id, at)
    VALUES (
        NEW.subject_id,
        CASE WHEN NEW.kind IN ('objected', 'objection_ended') THEN 'objection' ELSE 'consent' END,
        NEW.purpose, NEW.channel, NEW.field, COALESCE(NEW.recipient_id, {nobody}), NEW.kind,
        COALESCE((SELECT number FROM policy_notice WHERE version = NEW.notice_version), 0), NEW.id, NEW.at
    )
    ON CONFLICT (subject_id, matter, purpose, channel, field, recipient_id) DO UPDATE SET
        kind = excluded.kind, notice_number = excluded.notice_number, event_id = excluded.event_id, at = excluded.at
    WHERE excluded.at >= consents_state.at;
"""
SQLITE_COUNT = f"""
    CREATE TRIGGER consents_event_count AFTER INSERT ON consents_event
    WHEN NEW.subject_id IS NOT NULL AND NEW.kind <> 'shown'
    BEGIN {COUNTED.format(nobody=f"'{NOBODY.replace('-', '')}'")} END
"""
POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION consents_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE'
            AND NEW.subject_id IS NULL
            AND ({ERASED} OR ({RUN_OUT}))
            AND to_jsonb(NEW) - 'subject_id' = to_jsonb(OLD) - 'subject_id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'consents_event is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE FUNCTION consents_event_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {COUNTED.format(nobody=f"'{NOBODY}'::uuid")}
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER consents_event_count AFTER INSERT ON consents_event
    FOR EACH ROW WHEN (NEW.subject_id IS NOT NULL AND NEW.kind <> 'shown') EXECUTE FUNCTION consents_event_counted()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER consents_event_count ON consents_event",
    "DROP FUNCTION consents_event_counted()",
    FIRST.POSTGRESQL[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
)
FILLED = """
    INSERT INTO consents_state
        (subject_id, matter, purpose, channel, field, recipient_id, kind, notice_number, event_id, at)
    SELECT subject_id, matter, purpose, channel, field, recipient_id, kind,
           COALESCE((SELECT number FROM policy_notice WHERE version = notice_version), 0), id, at
    FROM (
        SELECT each.*, ROW_NUMBER() OVER (
            PARTITION BY subject_id, matter, purpose, channel, field, recipient_id ORDER BY at DESC, id DESC
        ) AS place
        FROM (
            SELECT id, subject_id, purpose, channel, field, COALESCE(recipient_id, {nobody}) AS recipient_id, kind,
                   notice_version, at,
                   CASE WHEN kind IN ('objected', 'objection_ended') THEN 'objection' ELSE 'consent' END AS matter
            FROM consents_event WHERE subject_id IS NOT NULL AND kind <> 'shown'
        ) AS each
    ) AS ranked
    WHERE place = 1
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in (SQLITE_NO_UPDATE, FIRST.SQLITE[1], NO_REPLACING, SQLITE_COUNT):
            schema_editor.execute(trigger, None)
    else:
        for statement in POSTGRESQL:
            schema_editor.execute(statement, None)


def guard_as_before(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        # What was altered on the way back has lost its triggers; the first ones are laid by `lay_first_again`.
        for name in ("no_update", "no_delete", "no_replacing", "count"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS consents_event_{name}")
    else:
        for statement in POSTGRESQL_BACK:
            schema_editor.execute(statement, None)


def fill(apps, schema_editor):
    nobody = f"'{NOBODY.replace('-', '')}'" if schema_editor.connection.vendor == "sqlite" else f"'{NOBODY}'::uuid"
    schema_editor.execute(FILLED.format(nobody=nobody), None)


def lay_first_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in (*FIRST.SQLITE, NO_REPLACING):
            schema_editor.execute(trigger, None)


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_no_replacing"), ("policy", "0002_published_notices")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, lay_first_again, elidable=False),
        migrations.CreateModel(
            name="State",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_id", models.UUIDField()),
                (
                    "matter",
                    models.CharField(choices=[("consent", "Consent"), ("objection", "Objection")], max_length=10),
                ),
                ("purpose", models.CharField(max_length=60)),
                ("channel", models.CharField(max_length=40)),
                ("field", models.CharField(max_length=60)),
                ("recipient_id", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("notice_number", models.PositiveIntegerField()),
                ("event_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "consents_state",
                "indexes": [
                    models.Index(
                        fields=["purpose", "channel", "kind", "subject_id", "notice_number"],
                        name="consents_state_audience",
                    ),
                    models.Index(fields=["purpose", "kind", "notice_number"], name="consents_state_notice"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["subject_id", "matter", "purpose", "channel", "field", "recipient_id"],
                        name="consents_state_choice",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PastRetention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateTimeField()),
            ],
            options={"db_table": "consents_past_retention"},
        ),
        migrations.RemoveConstraint(model_name="event", name="consents_event_kind"),
        migrations.AddField(
            model_name="event",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="event",
            name="wording",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(choices=[(kind, kind.replace("_", " ").title()) for kind in KINDS], max_length=20),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(condition=django.db.models.Q(kind__in=KINDS), name="consents_event_kind"),
        ),
        migrations.RunPython(guard, guard_as_before, elidable=False),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
