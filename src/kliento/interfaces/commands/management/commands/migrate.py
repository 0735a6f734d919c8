"""`kliento migrate`."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    """The command."""

    help = "Bring the tables of both databases up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Check the databases that are migrated."""
        return {"databases": _aliases(options)}

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's own command, for `--database` or for each database in turn."""
        for alias in _aliases(options):
            super().handle(*args, **{**options, "database": alias})


def _aliases(options: dict[str, Any]) -> list[str]:
    return [options["database"]] if options["database"] else list(connections)
