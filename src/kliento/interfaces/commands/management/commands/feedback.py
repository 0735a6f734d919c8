"""`kliento feedback`."""

from typing import Any

from django.core.management.base import BaseCommand

from kliento.domain.improvement.actions import read_feedback
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now


class Command(BaseCommand):
    """The command."""

    help = """Read what people wrote as feedback.

    Texts only, without names. Each reading is entered in the Activity of everybody whose text is shown. Who objects, is
    restricted or hides the text is left out."""
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """One text after another, a line between them."""
        shown = 0
        for text in read_feedback(by=SystemActor("kliento feedback"), at=now()):
            self.stdout.write(f"{text}\n{'-' * 20}")
            shown += 1
        self.stdout.write(f"{shown} shown.")
