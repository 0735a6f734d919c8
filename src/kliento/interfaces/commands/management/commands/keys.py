"""`kliento keys create` is answered by `commands/keyring.py` before Django starts; here is what needs the databases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kliento.domain.outbox.actions import run_now


class Command(BaseCommand):
    """The command."""

    help = """Make the keyring, or move the data keys to this month's epoch.

    kliento keys create [FOLDER]   a new keyring with a random root key
    kliento keys rotate            wrap every data key anew and destroy the keys of past epochs: from then on, keys that
                                   were deleted cannot be opened from any backup made before"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        parser.add_argument("act", choices=["create", "rotate"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        run_now("vault.rotate_keys", ref="")
        self.stdout.write("Every data key is wrapped by this month's epoch key.")
