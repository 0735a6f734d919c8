"""Migrating one package back and forth, and what the previous version of the product writes meanwhile."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrated_to(package: str, name: str) -> None:
    """Every other package at its newest, this one at that migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target for target in executor.loader.graph.leaf_nodes() if target[0] != package])
    MigrationExecutor(connection).migrate([(package, name)])


def migrated_fully() -> None:
    """Every package at its newest."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
