"""`kliento keys create` is answered by `commands/keyring.py` before Django starts; here is what needs the databases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kliento.domain.outbox.actions import run_now


class Command(BaseCommand):
    """The command."""

    help = """Make the keyring, or wrap every data key anew.

    `create [FOLDER]` makes a keyring with a random root key. `rotate` wraps every data key by this month's epoch key
    and destroys the keys of past epochs: from then on no earlier backup opens what has been deleted."""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        parser.add_argument("act", choices=["create", "rotate"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        run_now("vault.rotate_keys", ref="")
        self.stdout.write("Every data key is wrapped by this month's epoch key.")
