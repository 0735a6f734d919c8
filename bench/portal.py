"""The portal of a third party with a million visits beside that of one with ten thousand.

`kliento bench portal [--json FILE]`. For each page: time at the server at both sizes, their ratio (growth), the number
of statements, and whether a plan reads a growing table from end to end, which fails the bench. Both instances have
one year behind them, so that a month of the large one holds a hundred times the visits of the small one's.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.instances import ENGINES, run, settled

VISITS = 1_000_000
SMALLER = 100


def main() -> int:
    """0 when no page reads a growing table whole and none takes more statements at the larger size."""
    parser = argparse.ArgumentParser(prog="kliento bench portal", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    sized = f"visits of the large one ({VISITS}); below 100000 weeks of the small one are empty, which reads as WRONG"
    parser.add_argument("--visits", type=int, default=VISITS, help=sized)
    chosen = parser.parse_args()
    figures: dict[str, float] = {}
    wrong: list[str] = []
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        print(f"\n{engine}: {chosen.visits // SMALLER} and {chosen.visits} visits of one year", flush=True)
        small, large = (_asked(engine, visits) for visits in (chosen.visits // SMALLER, chosen.visits))
        figures |= _reported(engine, small, large)
        wrong += _wrong(engine, small, large)
    for line in wrong:
        print(f"  WRONG {line}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if wrong else 0


def _reported(engine: str, small: dict[str, Any], large: dict[str, Any]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for page, found in large.items():
        name = f"portal.{engine}.{page}"
        if page == "csv":
            figures |= {f"{name}.per_second": found["per_second"], f"{name}.memory_mb": found["memory_mb"]}
            rate = f"{found['rows']} rows, {found['per_second']:.0f} a second"
            print(f"  {page:18} {rate}, {found['memory_mb']:.1f} MB more")
            continue
        growth = found["ms"] / small[page]["ms"]
        figures |= {f"{name}.ms": found["ms"], f"{name}.growth": growth, f"{name}.statements": found["statements"]}
        sizes = f"{small[page]['ms']:7.1f} ms -> {found['ms']:7.1f} ms"
        print(f"  {page:18} {sizes}   growth {growth:5.1f}   {found['statements']} statements")
    return figures


def _wrong(engine: str, small: dict[str, Any], large: dict[str, Any]) -> list[str]:
    pages = [page for page in large if page != "csv"]
    return [
        *(f"{engine}, {page} reads a growing table whole: {scan}" for page in pages for scan in large[page]["scans"]),
        *(
            f"{engine}, {page} takes {large[page]['statements']} statements instead of {small[page]['statements']}"
            for page in pages
            if large[page]["statements"] > small[page]["statements"]
        ),
    ]


def _asked(engine: str, visits: int) -> dict[str, Any]:
    """What the pages of an instance with so many visits took."""
    with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
        os.chmod(folder, 0o755)
        with ENGINES[engine](Path(folder)) as environment:
            run([str(Path(sys.executable).with_name("kliento")), "migrate"], environment)
            owner = run([sys.executable, "-m", "bench.office", "fill", str(visits)], environment)
            settled(environment)
            return json.loads(run([sys.executable, "-m", "bench.office", "ask", owner], environment))


if __name__ == "__main__":
    sys.exit(main())
