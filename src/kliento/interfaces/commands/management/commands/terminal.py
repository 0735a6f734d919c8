"""`kliento terminal code|revoke|list`: one-time codes that make a device a terminal, and shutting one out."""

from argparse import ArgumentParser
from collections.abc import Callable
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from kliento.domain.recipients import actions, queries
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now

_BY = SystemActor("kliento terminal")


class Command(BaseCommand):
    """Exit status: 0 it is done, 1 it was refused and says why, 2 wrong use."""

    help = "Make a pairing code for premises, shut a terminal out, list terminals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="code|revoke|list")
        code = verbs.add_parser("code", help="a one-time code, good for a day; enter it at /counter/")
        code.add_argument("third_party", help="its name or business ID")
        code.add_argument("premises", help="the name of the place")
        revoke = verbs.add_parser("revoke", help="shut a terminal out from its next request on")
        revoke.add_argument("terminal", type=UUID, help="its id, see: kliento terminal list")
        verbs.add_parser("list", help="all of them, newest first")

    def handle(self, *, verb: str, **options: object) -> None:
        """Do the one that was asked for."""
        verbs: dict[str, Callable[..., None]] = {"code": self.code, "revoke": self.revoke, "list": self.list}
        verbs[verb](**options)

    def code(self, *, third_party: str, premises: str, **_: object) -> None:
        """The code alone on its line, so that scripts can take it."""
        found = queries.premises_by_name(third_party, premises)
        self.stdout.write(actions.make_pairing_code(found.id, by=_BY, at=now()))

    def revoke(self, *, terminal: UUID, **_: object) -> None:
        """Shut it out."""
        actions.revoke_terminal(terminal, by=_BY, at=now())
        self.stdout.write(f"{terminal} is shut out.")

    def list(self, **_: object) -> None:
        """One line for each."""
        for terminal in queries.terminals():
            place = f"{terminal.premises.third_party.name}, {terminal.premises.name}, {terminal.name}"
            state = f"revoked {localtime(terminal.revoked_at):%Y-%m-%d %H:%M}" if terminal.revoked_at else "paired"
            self.stdout.write(f"{terminal.id}  {place}  {state}")
