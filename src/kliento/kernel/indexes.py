"""Migrations that add or remove an index while the previous version goes on writing: CONCURRENTLY on PostgreSQL.

For a migration with `atomic = False`. SQLite builds an index at once. Begun again after a crash, each starts anew: what
PostgreSQL left half built is removed first.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations.operations import AddIndex, RemoveIndex


class AddIndexInUse(AddIndexConcurrently):
    """AddIndex that keeps nobody waiting."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it."""
        _drop(schema_editor, self.index.name)
        operation = AddIndexConcurrently if _is_postgresql(schema_editor) else AddIndex
        operation.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove it."""
        _drop(schema_editor, self.index.name)


class RemoveIndexInUse(RemoveIndexConcurrently):
    """RemoveIndex that keeps nobody waiting."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove it."""
        _drop(schema_editor, self.name)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build it again."""
        _drop(schema_editor, self.name)
        operation = RemoveIndexConcurrently if _is_postgresql(schema_editor) else RemoveIndex
        operation.database_backwards(self, app_label, schema_editor, from_state, to_state)


def _drop(schema_editor: Any, name: str) -> None:
    concurrently = "CONCURRENTLY " if _is_postgresql(schema_editor) else ""
    schema_editor.execute(f"DROP INDEX {concurrently}IF EXISTS {schema_editor.quote_name(name)}")


def _is_postgresql(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
