"""`kliento of-age`."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kliento.domain.people.actions import note_of_age
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound


class Command(BaseCommand):
    """The command."""

    help = """Note that somebody who registered as a minor is of age now, as they said.

    USER is the user ID that stands under their details; ask them for it. It is entered in their Activity. Nothing that
    was locked off for minors is chosen by it."""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom."""
        parser.add_argument("user", metavar="USER", type=UUID)

    def handle(self, *, user: UUID, **options: Any) -> None:
        """Note it."""
        try:
            note_of_age(user, by=SystemActor("kliento of-age"), at=now())
        except NotFound:
            raise CommandError("Nobody has that user ID.") from None
        self.stdout.write("Noted.")
