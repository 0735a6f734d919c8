"""`kliento simulate`: a town's tills at the demo that runs here. The program is in `simulation/` of a checkout."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kliento.domain.policy.queries import has_demo_data

_NUMBERS = {
    "tills": "how many tills (5; at most 200)",
    "cards": "how many phones at most (200)",
    "seconds": "how long (60; at most an hour)",
    "rate": "cards shown a second, at all tills together (1)",
    "seed": "the same seed is the same plan (1)",
}


class Command(BaseCommand):
    """Exit status: 0 each scan stands once, 1 one does not or nothing serves here, 2 wrong use or no demo."""

    help = "Show cards at a town's tills: bad networks, wrong clocks, crashes. For the demo that is served here alone."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Its size, and where the figures go."""
        for name, meaning in _NUMBERS.items():
            parser.add_argument(f"--{name}", type=int, metavar="N", help=meaning)
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")

    def handle(self, *, json: Path | None, **options: int | None) -> None:
        """Run it in a process of its own."""
        if settings.PRODUCTION:
            raise CommandError("This is for demos and tests; production is neither.", returncode=2)
        if settings.KLIENTO_LAN:
            raise CommandError("Serve the demo without --lan for this.", returncode=2)
        if not has_demo_data():
            raise CommandError("There is no demo in this database. Run: kliento demo", returncode=2)
        if not (settings.PROJECT / "simulation").is_dir():
            raise CommandError("The simulation needs a checkout of the sources.", returncode=2)
        given = {name: options[name] for name in _NUMBERS} | {"json": json and json.absolute()}
        chosen = [word for name, value in given.items() if value is not None for word in (f"--{name}", str(value))]
        program = [sys.executable, "-m", "simulation", *chosen]
        paths = {"PYTHONPATH": str(settings.PROJECT / "clients" / "python" / "src")}
        done = subprocess.run(program, cwd=settings.PROJECT, env=os.environ | paths, check=False)  # noqa: S603 - our own
        if done.returncode:
            sys.exit(done.returncode)  # it has said why
