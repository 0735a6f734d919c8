"""Whom a purpose may reach on a channel, out of two million consent states beside a hundredth of them.

`kliento bench consents [--json FILE]`. The audience is read in pages, as campaigns read it. Stable names:
    consents.ENGINE.page.ms, .growth    the median page of 500 at the larger size, and beside the smaller one
    consents.ENGINE.page.statements     for one page; one, whatever the size
    consents.ENGINE.people_per_second   the whole audience, page after page
A page whose plan reads the table from end to end fails the bench.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from bench import office
from bench.instances import ENGINES, run, settled

STATES = 2_000_000
SMALLER = 100
CHANNELS = ("in_service", "email")
PAGE = 500
AT_ONCE = 20_000
PURPOSE, CHANNEL = "monthly_summary", "email"


def main(arguments: list[str] | None = None) -> int:
    """0 when a page takes one statement out of an index at both sizes."""
    parser = argparse.ArgumentParser(prog="kliento bench consents", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    parser.add_argument("--states", type=int, default=STATES, help=f"states of the large one ({STATES})")
    chosen = parser.parse_args(arguments)
    figures: dict[str, float] = {}
    wrong: list[str] = []
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        small, large = (_measured(engine, states) for states in (chosen.states // SMALLER, chosen.states))
        name = f"consents.{engine}"
        found = {
            f"{name}.page.ms": large["ms"],
            f"{name}.page.growth": large["ms"] / small["ms"],
            f"{name}.page.statements": large["statements"],
            f"{name}.people_per_second": large["people"] / large["seconds"],
        }
        print(f"\n{engine}: {large['people']} people agreed, of {chosen.states} states")
        for key, figure in found.items():
            print(f"  {key:40} {figure:12.3f}")
        figures |= found
        wrong += [f"{engine}: {scan}" for scan in large["scans"]]
        wrong += [f"{engine}: a page takes {large['statements']} statements"] if large["statements"] != 1 else []
    for line in wrong:
        print(f"  WRONG {line}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if wrong else 0


def _measured(engine: str, states: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
        os.chmod(folder, 0o755)
        with ENGINES[engine](Path(folder)) as environment:
            kliento = str(Path(sys.executable).with_name("kliento"))
            for command in (["migrate", "-v0"], ["policy", "publish"]):
                run([kliento, *command], environment)
            run([sys.executable, "-m", "bench.consents", "fill", str(states)], environment)
            settled(environment)
            found: dict[str, Any] = json.loads(
                run([sys.executable, "-m", "bench.consents", "ask"], environment).splitlines()[-1]
            )
            return found


def fill(states: int) -> None:
    """So many states: everybody was asked on each channel, and two of five agreed."""
    from kliento.domain.consents.models import State
    from kliento.kernel.clock import now
    from kliento.kernel.ids import new_id
    from kliento.kernel.rows import insert_rows

    columns = ("subject_id", "matter", "purpose", "channel", "field", "recipient_id", "kind", "notice_number",
               "event_id", "at")  # fmt: skip
    nobody, at, left = UUID(int=0), now(), states
    while left > 0:
        people = [new_id() for _ in range(min(AT_ONCE, left // len(CHANNELS) or 1))]
        rows = [
            (person, "consent", PURPOSE, channel, "", nobody, "given" if place % 5 < 2 else "refused", 1, new_id(), at)
            for place, person in enumerate(people)
            for channel in CHANNELS
        ]
        insert_rows(State, columns, rows)
        left -= len(rows)


def ask() -> dict[str, Any]:
    """What reading the whole audience took, page by page."""
    from kliento.domain.consents.queries import audience

    audience(PURPOSE, CHANNEL, limit=PAGE)  # the notice is read once for each process
    with office.statements() as sent:
        audience(PURPOSE, CHANNEL, limit=PAGE)
    scans = [scan for statement in sent for scan in office.scans_of(*statement)]
    times: list[float] = []
    people, after = 0, None
    while True:
        started = time.perf_counter()
        page = audience(PURPOSE, CHANNEL, after=after, limit=PAGE)
        times.append(time.perf_counter() - started)
        people += len(page)
        if len(page) < PAGE:
            break
        after = page[-1]
    return {
        "ms": 1000 * statistics.median(times),
        "seconds": sum(times),
        "people": people,
        "statements": len(sent),
        "scans": scans,
    }


if __name__ == "__main__":
    if sys.argv[1:2] in (["fill"], ["ask"]):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kliento.config.settings")
        django.setup()
        if sys.argv[1] == "fill":
            fill(int(sys.argv[2]))
        else:
            print(json.dumps(ask()))
        sys.exit(0)
    sys.exit(main())
