"""`kliento bench NAME [--json FILE]`: a measured claim beside its limit. The programs are in `bench/` of a checkout."""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Exit status: 0 it was measured, 1 something answered wrongly, 2 wrong use."""

    help = "Measure a claim beside its limit in the same run: taps, growth, portal, sealing, consents."
    requires_system_checks = ()  # a bench makes instances of its own and never touches this one

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, and where the figures go."""
        parser.add_argument("name", choices=["taps", "growth", "portal", "sealing", "consents"])
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
        parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
        parser.add_argument("--taps", type=int, help="of taps: how many in a round")
        parser.add_argument("--visits", type=int, help="of portal and growth: how many the large one has")
        parser.add_argument("--entries", type=int, help="of sealing: how many are sealed")
        parser.add_argument("--states", type=int, help="of consents: how many the large one has")

    def handle(self, *, name: str, json: Path | None, engine: str | None, **counts: Any) -> None:
        """Run it in a process of its own, with the environment it makes itself."""
        if not (settings.PROJECT / "bench" / f"{name}.py").exists():
            raise CommandError("Benches need a checkout of the sources.", returncode=2)
        given = {"--json": json and json.absolute(), "--engine": engine}
        given |= {f"--{each}": counts[each] for each in ("taps", "visits", "entries", "states")}
        chosen = [word for option, value in given.items() if value for word in (option, str(value))]
        program = [sys.executable, "-m", f"bench.{name}", *chosen]
        done = subprocess.run(program, cwd=settings.PROJECT, check=False)  # noqa: S603 - our own program
        if done.returncode:
            raise CommandError(f"The bench ended with status {done.returncode}.", returncode=done.returncode)
