"""SQLite's INSERT OR REPLACE cannot take an entry's place: REPLACE deletes without firing the trigger on DELETE.

Refused for every connection, whatever it has switched on. PostgreSQL has no such statement.
"""

from django.db import migrations

NO_REPLACING = """
    CREATE TRIGGER activity_entry_no_replacing BEFORE INSERT ON activity_entry
    WHEN EXISTS (SELECT 1 FROM activity_entry WHERE seq = NEW.seq)
        OR EXISTS (SELECT 1 FROM activity_entry WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM activity_entry WHERE subject_id = NEW.subject_id AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'activity_entry is append-only'); END
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(NO_REPLACING)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER activity_entry_no_replacing")


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_recipient_index")]

    operations = [migrations.RunPython(guard, unguard, elidable=False)]
