"""SQLite's INSERT OR REPLACE cannot take an event's place: REPLACE deletes without firing the trigger on DELETE.

Refused for every connection, whatever it has switched on. PostgreSQL has no such statement.
"""

from django.db import migrations

NO_REPLACING = """
    CREATE TRIGGER consents_event_no_replacing BEFORE INSERT ON consents_event
    WHEN EXISTS (SELECT 1 FROM consents_event WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'consents_event is append-only'); END
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(NO_REPLACING)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER consents_event_no_replacing")


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard, elidable=False)]
