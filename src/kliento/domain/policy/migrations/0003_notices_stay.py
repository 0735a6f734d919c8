"""A published notice stays as it was published: triggers on both engines refuse every change but a new row.

It holds nothing of a person, so nothing of it is ever erased. The version before this one only adds rows.
"""

from django.db import migrations

SQLITE = (
    """
    CREATE TRIGGER policy_notice_no_update BEFORE UPDATE ON policy_notice
    BEGIN SELECT RAISE(ABORT, 'policy_notice is append-only'); END
    """,
    """
    CREATE TRIGGER policy_notice_no_delete BEFORE DELETE ON policy_notice
    BEGIN SELECT RAISE(ABORT, 'policy_notice is append-only'); END
    """,
    # REPLACE deletes without firing the trigger on DELETE.
    """
    CREATE TRIGGER policy_notice_no_replacing BEFORE INSERT ON policy_notice
    WHEN EXISTS (SELECT 1 FROM policy_notice WHERE number = NEW.number OR version = NEW.version)
    BEGIN SELECT RAISE(ABORT, 'policy_notice is append-only'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION policy_notice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'policy_notice is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER policy_notice_guard BEFORE UPDATE OR DELETE ON policy_notice
    FOR EACH ROW EXECUTE FUNCTION policy_notice_guard()
    """,
    """
    CREATE TRIGGER policy_notice_no_truncate BEFORE TRUNCATE ON policy_notice
    FOR EACH STATEMENT EXECUTE FUNCTION policy_notice_guard()
    """,
)


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("no_update", "no_delete", "no_replacing"):
            schema_editor.execute(f"DROP TRIGGER policy_notice_{name}")
    else:
        schema_editor.execute("DROP TRIGGER policy_notice_no_truncate ON policy_notice")
        schema_editor.execute("DROP TRIGGER policy_notice_guard ON policy_notice")
        schema_editor.execute("DROP FUNCTION policy_notice_guard()")


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_published_notices")]

    operations = [migrations.RunPython(guard, unguard, elidable=False)]
