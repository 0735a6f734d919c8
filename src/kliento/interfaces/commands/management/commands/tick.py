"""`kliento tick`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kliento.domain.outbox.actions import run_due
from kliento.domain.outbox.queries import standing
from kliento.kernel.clock import now


class Command(BaseCommand):
    """The command."""

    help = "Run the periodic tasks that are due, once. `serve` and `work` do this by themselves."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        ran = run_due(at=now())
        for name in ran:
            self.stdout.write(name)
        if failing := standing(at=now()).failing_periodic:
            raise CommandError(f"Failing: {', '.join(failing)}. The log says where.")
