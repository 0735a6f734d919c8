"""Stamps move from an unregistered card to the person who claimed it. Safe while the previous version runs.

The trigger on SQLite names every column that may not change, so it is laid again; PostgreSQL's compares whole rows.
"""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("kliento.domain.programmes.migrations.0001_initial").SQLITE[0]
AFTER = BEFORE.replace("AND NEW.at IS OLD.at", "AND NEW.at IS OLD.at AND NEW.moved_from IS OLD.moved_from")


def guard_the_new_column(apps, schema_editor):
    _lay_again(schema_editor, AFTER)


def guard_the_old_columns(apps, schema_editor):
    _lay_again(schema_editor, BEFORE)


def _lay_again(schema_editor, trigger):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER programmes_ledger_entry_no_update")
        schema_editor.execute(trigger, None)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_changed_terms")]

    operations = [
        migrations.AddField(model_name="ledgerentry", name="moved_from", field=models.UUIDField(null=True)),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earned", "Earned"),
                    ("redeemed", "Redeemed"),
                    ("reversed", "Reversed"),
                    ("ran_out", "Ran Out"),
                    ("moved", "Moved"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(guard_the_new_column, guard_the_old_columns, elidable=False),
    ]
