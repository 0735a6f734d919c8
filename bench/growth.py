"""A tap where ten million visits are stored beside one where ten thousand are.

`kliento bench growth [--visits N] [--json FILE]`. Two instances with the same people are served side by side and tapped
in turn over one connection, so that what else this machine does concerns both. `taps.<engine>.growth` is the ratio of
the median latencies where everybody has come once since the machine started, 1.3 at most;
`taps.<engine>.growth.first`, without a promise, the same before that, when what somebody's last visit left may have to
be read from the disk.
On PostgreSQL the rows that a tap reads are counted as well; one that reads a table from end to end fails the bench.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg

from bench import stored
from bench.taps import Crowd, Instance, settled
from tests.databases import Databases
from tests.postgres import Cluster
from tests.serving import Served, serving

VISITS = 10_000_000
SMALL = 10_000
PEOPLE = 20_000
ROUNDS = 7
TAPS = 150
WARM_UP = 300


def main() -> int:
    """0 when every tap was answered as it should be and none read a table from end to end."""
    parser = argparse.ArgumentParser(prog="kliento bench growth", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    parser.add_argument("--visits", type=int, default=VISITS, help=f"visits of the large one ({VISITS})")
    chosen = parser.parse_args()
    figures: dict[str, float] = {}
    wrong: list[str] = []
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        print(f"\n{engine}: {SMALL} and {chosen.visits} stored visits of {PEOPLE} people", flush=True)
        with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
            os.chmod(folder, 0o755)
            with _INSTANCES[engine](Path(folder), chosen.visits) as (small, large):
                figures |= _compared(engine, small, large, wrong)
    for line in wrong:
        print(f"  WRONG {line}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if wrong else 0


def _compared(engine: str, small: Instance, large: Instance, wrong: list[str]) -> dict[str, float]:
    name, both = f"taps.{engine}.growth", (small, large)
    crowds = [Crowd(instance) for instance in both]
    with serving(small.databases) as served, serving(large.databases) as beside:
        products: list[Served] = [served, beside]
        for crowd, product in zip(crowds, products, strict=True):
            crowd.tap(product, taps=WARM_UP, connections=4)
        figures = _growth(f"{name}.first", crowds, products)
        for instance in both:
            stored.everybody_came(instance.databases.environment)
        before = [stored.read_by_taps(instance.databases.environment) for instance in both]
        figures |= _growth(name, crowds, products)
    after = [stored.read_by_taps(instance.databases.environment) for instance in both]
    if before[0]:
        read = [
            {kind: (now[kind] - then[kind]) / (ROUNDS * TAPS) for kind in now}
            for then, now in zip(before, after, strict=True)
        ]
        figures |= {f"{name}.rows_read": read[1]["by_index"]}
        print(f"  rows read by index for a tap: {read[0]['by_index']:.1f} -> {read[1]['by_index']:.1f}")
        wrong += [f"{engine}: a tap reads {each['whole']:.0f} rows of whole tables" for each in read if each["whole"]]
    for key, figure in figures.items():
        print(f"  {key:40} {figure:10.3f}")
    return figures


def _growth(name: str, crowds: list[Crowd], products: list[Served]) -> dict[str, float]:
    times: list[list[float]] = [[] for _ in crowds]
    for _ in range(ROUNDS):
        for crowd, product, own in zip(crowds, products, times, strict=True):
            own.append(crowd.tap(product, taps=TAPS, connections=1).percentile(0.5))
    small, large = (statistics.median(own) for own in times)
    return {name: large / small, f"{name}.small_p50_ms": small, f"{name}.large_p50_ms": large}


@contextmanager
def _on_sqlite(folder: Path, visits: int) -> Iterator[tuple[Instance, Instance]]:
    databases, keys, town = settled("sqlite", folder, PEOPLE, {})
    stored.fill(databases.environment, SMALL)
    large = folder / "large"
    shutil.copytree(databases.folder, large)
    of_large = Databases("sqlite", large, databases.environment | {"KLIENTO_DATA": str(large)})
    stored.fill(of_large.environment, visits, after=SMALL)
    small = Instance(databases, keys, town["secrets"], PEOPLE)
    yield small, replace(small, databases=of_large)


@contextmanager
def _on_postgresql(folder: Path, visits: int) -> Iterator[tuple[Instance, Instance]]:
    cluster = Cluster.start(durable=True)
    try:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
            for name in ("small", "small_keys"):
                server.execute(f"CREATE DATABASE {name}")
            urls = [
                {"DATABASE_URL": cluster.url(size), "KEYS_DATABASE_URL": cluster.url(f"{size}_keys")}
                for size in ("small", "large")
            ]
            databases, keys, town = settled("postgresql", folder, PEOPLE, urls[0])
            stored.fill(databases.environment, SMALL)
            for name in ("", "_keys"):
                server.execute(f"CREATE DATABASE large{name} TEMPLATE small{name}")
        of_large = Databases("postgresql", databases.folder, databases.environment | urls[1])
        stored.fill(of_large.environment, visits, after=SMALL)
        small = Instance(databases, keys, town["secrets"], PEOPLE)
        yield small, replace(small, databases=of_large)
    finally:
        cluster.stop()


_INSTANCES = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


if __name__ == "__main__":
    sys.exit(main())
