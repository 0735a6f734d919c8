"""PostgreSQL finds what waits to be sealed by its transaction. SQLite seals by `seq`, its key, and needs no index."""

from django.db import migrations

NAME = "activity_entry_xid"


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")  # what a crash left half built
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {NAME} ON activity_entry (xid, seq)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("activity", "0005_sealing")]

    operations = [migrations.RunPython(build, remove, atomic=False)]
