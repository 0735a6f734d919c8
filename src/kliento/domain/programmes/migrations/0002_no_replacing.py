"""SQLite's INSERT OR REPLACE cannot take an entry's place: REPLACE deletes without firing the trigger on DELETE.

Refused for every connection, whatever it has switched on, for each key that REPLACE would clear the way for.
PostgreSQL has no such statement.
"""

from django.db import migrations

KEYS = {
    "programmes_ledger_entry": (
        "id = NEW.id",
        "membership_id = NEW.membership_id AND number = NEW.number",
        "act_id = NEW.act_id",
        "reverses = NEW.reverses",
        "NEW.kind = 'earned' AND kind = 'earned' AND visit_id = NEW.visit_id",
    ),
    "programmes_lot_use": ("id = NEW.id", "entry_id = NEW.entry_id AND lot_id = NEW.lot_id"),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table, keys in KEYS.items():
            taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in keys)  # noqa: S608 - ours
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_replacing BEFORE INSERT ON {table} WHEN {taken}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in KEYS:
            schema_editor.execute(f"DROP TRIGGER {table}_no_replacing")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard, elidable=False)]
