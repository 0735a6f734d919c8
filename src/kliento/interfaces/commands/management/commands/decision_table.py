"""`kliento decision-table`: the gate's whole rule as a table, for docs/decision-table.md."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kliento.domain.gate.rules import table


class Command(BaseCommand):
    """Exit status: 0 written, or current; 1 not current (--check)."""

    help = "Write when a value may leave, for every combination of facts."
    requires_system_checks = ()  # the table follows from the rule alone

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write it, or whether to compare only."""
        parser.add_argument("file", nargs="?", type=Path, default=Path("docs/decision-table.md"))
        parser.add_argument("--check", action="store_true", help="write nothing; fail unless the file is current")

    def handle(self, *, file: Path, check: bool, **_: object) -> None:
        """Write or compare."""
        rendered = table.render()
        if not check:
            file.write_text(rendered, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != rendered:
            raise CommandError(f"{file} is not what the rule says. Run: kliento decision-table")
