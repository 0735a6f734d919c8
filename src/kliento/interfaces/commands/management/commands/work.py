"""`kliento work`."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kliento.domain.outbox.actions import run_due, work_off
from kliento.interfaces.commands.background import Background
from kliento.kernel.clock import now


class Command(BaseCommand):
    """The command."""

    help = """Do the background work without serving pages: mail, deadlines, clearing up.

    `serve` does the same in its own process; run this beside it only to share the load (PostgreSQL)."""
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Its options."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        self.check(tags=["production"], include_deployment_checks=True)
        if options["once"]:
            run_due(at=now())
            while work_off(at=now()):
                pass
            return
        background = Background()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: background.stop())
        background.run()
