"""Sealing Activity beside the rate at which taps fill it; verifying it at two sizes; how large a proof is.

`kliento bench sealing [--entries N] [--json FILE]`. In each engine: taps over 16 connections, as `kliento bench taps`
has them; then N entries (a million) are entered and sealed.
    sealing.<engine>.ratio           entries sealed a second, of those that taps enter a second; 1 at least
    sealing.<engine>.verify.growth   time to verify all of it, of ten times that of a tenth; 1.3 at most
    sealing.<engine>.proof_bytes     the proof of an entry as it is downloaded; 2048 at most
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.taps import CONNECTIONS, WARM_UP, Crowd, Instance, settled
from tests.postgres import Cluster
from tests.serving import serving

ENTRIES = 1_000_000
SMALLER = 10
TAPS = 1200
AT_LEAST = {"ratio": 1}
AT_MOST = {"verify.growth": 1.3, "proof_bytes": 2048}


def main() -> int:
    """0 when the log verified as it was sealed, and every figure keeps its limit."""
    parser = argparse.ArgumentParser(prog="kliento bench sealing", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    parser.add_argument("--entries", type=int, default=ENTRIES, help=f"how many are sealed ({ENTRIES})")
    chosen = parser.parse_args()
    figures: dict[str, float] = {}
    wrong: list[str] = []
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        print(f"\n{engine}: {chosen.entries} entries", flush=True)
        with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
            os.chmod(folder, 0o755)
            with _INSTANCES[engine](Path(folder)) as instance:
                found = _measured(engine, instance, chosen.entries)
        if findings := found.pop("findings"):
            wrong.append(f"the verification found {findings:.0f} things in a log that nobody touched")
        for key, figure in found.items():
            print(f"  {key:40} {figure:12.3f}")
        figures |= found
    wrong += _beyond(figures)
    for line in wrong:
        print(f"  WRONG {line}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if wrong else 0


def _beyond(figures: dict[str, float]) -> list[str]:
    """Every figure that does not keep its limit."""
    said = []
    for key, figure in figures.items():
        _, _, name = key.split(".", 2)
        if name in AT_LEAST and figure < AT_LEAST[name]:
            said.append(f"{key} is {figure:.2f}, {AT_LEAST[name]} at least")
        if name in AT_MOST and figure > AT_MOST[name]:
            said.append(f"{key} is {figure:.2f}, {AT_MOST[name]} at most")
    return said


def _measured(engine: str, instance: Instance, entries: int) -> dict[str, float]:
    name = f"sealing.{engine}"
    crowd = Crowd(instance)
    with serving(instance.databases) as product:
        crowd.tap(product, taps=WARM_UP, connections=CONNECTIONS)
        instance.settle()
        before = _asked(instance, "count")["entries"]
        taps = crowd.tap(product, taps=TAPS, connections=CONNECTIONS).per_second
        each = (_asked(instance, "count")["entries"] - before) / TAPS
    small = _asked(instance, "seal", entries // SMALLER)
    instance.settle()
    large = _asked(instance, "seal", entries)
    per_second = large["sealed"] / large["seal_seconds"]
    return {
        f"{name}.per_second": per_second,
        f"{name}.taps_per_second": taps,
        f"{name}.entries_of_a_tap": each,
        f"{name}.ratio": per_second / (taps * each),
        f"{name}.verify.seconds": large["verify_seconds"],
        f"{name}.verify.growth": (large["verify_seconds"] / large["size"]) / (small["verify_seconds"] / small["size"]),
        f"{name}.verify.memory_mb": large["memory_mb"],
        f"{name}.proof_bytes": large["proof_bytes"],
        "findings": small["findings"] + large["findings"],
    }


def _asked(instance: Instance, *words: object) -> dict[str, float]:
    """What a process of its own with the instance's environment answers: see below."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "KEYS_DATABASE_URL"}}
    command = [sys.executable, "-m", "bench.log", *map(str, words)]
    run = subprocess.run(
        command, env=kept | instance.databases.environment, check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, float] = json.loads(run.stdout)
    return answer


@contextmanager
def _on_sqlite(folder: Path) -> Iterator[Instance]:
    databases, keys, town = settled("sqlite", folder, WARM_UP + TAPS, {})
    yield Instance(databases, keys, town["secrets"], WARM_UP + TAPS)


@contextmanager
def _on_postgresql(folder: Path) -> Iterator[Instance]:
    cluster = Cluster.start(durable=True)
    try:
        names = ("kliento", "kliento_keys")
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
            for name in names:
                server.execute(f"CREATE DATABASE {name}")
        urls = dict(zip(("DATABASE_URL", "KEYS_DATABASE_URL"), map(cluster.url, names), strict=True))
        databases, keys, town = settled("postgresql", folder, WARM_UP + TAPS, urls)

        def settle() -> None:
            for name in names:
                with psycopg.connect(cluster.url(name), autocommit=True) as settled:
                    settled.execute("VACUUM ANALYZE")

        yield Instance(databases, keys, town["secrets"], WARM_UP + TAPS, settle=settle)
    finally:
        cluster.stop()


_INSTANCES: dict[str, Any] = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


if __name__ == "__main__":
    sys.exit(main())
