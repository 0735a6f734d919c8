"""Single taps end to end: HTTP, rules, gate, Activity and all, beside the database's own limit of one commit a tap.

`kliento bench taps [--json FILE]`. 16 keep-alive connections against `kliento serve`, on SQLite and PostgreSQL; every
tap is a fresh rotating code of somebody who shares two fields and has the loyalty card in use. Rounds of limit and
product alternate; medians count. Sender, product and database share this machine, so only the ratios carry over.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench import cpu, limits
from bench.line import Run, send_all
from kliento.domain.cards.rules import CodeKeys, rotating_code, slot_at
from kliento.kernel.ids import new_id
from kliento.kernel.keyring import Keyring
from tests.databases import Databases
from tests.postgres import Cluster
from tests.serving import Served, serving

CONNECTIONS = 16
ROUNDS = 3
LIMIT_SECONDS = 4
WARM_UP = 200


@dataclass(frozen=True)
class Instance:
    """An instance with a town in it, and where its database's CPU time is counted."""

    databases: Databases
    keys: CodeKeys
    secrets: list[str]
    people: int
    limit: Callable[[], float]
    database_pid: int | None


def main() -> int:
    """0 when every tap was answered as it should be."""
    parser = argparse.ArgumentParser(prog="kliento bench taps", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    parser.add_argument("--taps", type=int, default=1200, help="taps in a round (1200)")
    chosen = parser.parse_args()
    figures: dict[str, float] = {}
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
            os.chmod(folder, 0o755)
            with _INSTANCES[engine](Path(folder), chosen.taps * ROUNDS + WARM_UP) as instance:
                figures |= _measure(engine, instance, taps=chosen.taps)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _measure(engine: str, instance: Instance, *, taps: int) -> dict[str, float]:
    print(f"\n{engine}: {instance.people} people, {ROUNDS} rounds of {taps} taps, {CONNECTIONS} connections")
    reached, runs, split = [], [], []
    with serving(instance.databases) as product:
        _tap(product, instance, first=1, taps=WARM_UP)
        for number in range(ROUNDS):
            reached.append(instance.limit())
            before = _spent(product, instance)
            runs.append(_tap(product, instance, first=1 + WARM_UP + number * taps, taps=taps))
            split.append(
                [1000 * (after - start) / taps for after, start in zip(_spent(product, instance), before, strict=True)]
            )
            print(f"  limit {reached[-1]:7.0f}   taps {runs[-1].per_second:7.0f} a second")
    return _reported(engine, reached, runs, split)


def _reported(engine: str, reached: list[float], runs: list[Run], split: list[list[float]]) -> dict[str, float]:
    name = f"taps.{engine}.single"
    app, database, sender = (statistics.median(column) for column in zip(*split, strict=True))
    figures = {
        f"{name}.limit": statistics.median(reached),
        f"{name}.per_second": statistics.median(run.per_second for run in runs),
        f"{name}.p50_ms": statistics.median(run.percentile(0.5) for run in runs),
        f"{name}.p99_ms": statistics.median(run.percentile(0.99) for run in runs),
        f"{name}.cpu_ms.app": app,
        f"{name}.cpu_ms.sender": sender,
    }
    if engine == "postgresql":  # SQLite works inside the app
        figures[f"{name}.cpu_ms.database"] = database
    figures[f"{name}.ratio"] = figures[f"{name}.per_second"] / figures[f"{name}.limit"]
    for key, figure in figures.items():
        print(f"  {key:36} {figure:10.3f}")
    where = "app and its database" if engine == "sqlite" else f"app, {database:.2f} ms in the database"
    print(f"  CPU of one tap: {app:.2f} ms in the {where}; {sender:.2f} ms in the sender")
    return figures


def _tap(product: Served, instance: Instance, *, first: int, taps: int) -> Run:
    """So many people show their phones now, each once. Raises RuntimeError for a wrong answer."""
    slot = slot_at(datetime.now(tz=UTC))
    requests = [
        _request(instance.secrets[ordinal % len(instance.secrets)], rotating_code(ordinal, slot, keys=instance.keys))
        for ordinal in range(first, first + taps)
    ]
    port = urlsplit(product.url).port
    run = send_all(port, requests, connections=CONNECTIONS, expected=b'"nickname": "Aino"')
    if run.failures:
        raise RuntimeError(f"{len(run.failures)} taps went wrong: {run.failures[0]!r}")
    return run


def _request(secret: str, code: str) -> bytes:
    body = json.dumps({"scans": [{"id": str(new_id()), "code": code}]}).encode()
    head = (
        "POST /api/v1/scans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _spent(product: Served, instance: Instance) -> list[float]:
    """CPU seconds so far of the product, the database and the sender."""
    database = cpu.of_tree(instance.database_pid) if instance.database_pid else 0.0
    return [cpu.of_tree(product.process.pid), database, cpu.of_myself()]


@contextmanager
def _on_sqlite(folder: Path, people: int) -> Iterator[Instance]:
    databases, keys, town = _settled("sqlite", folder, people, {})
    alone = folder / "limit.sqlite3"
    shutil.copyfile(databases.folder / "kliento.sqlite3", alone)
    secret = town["secrets"][0]
    yield Instance(
        databases,
        keys,
        town["secrets"],
        people,
        limit=lambda: limits.sqlite(alone, secret=secret, people=people, taps=2000),
        database_pid=None,
    )


@contextmanager
def _on_postgresql(folder: Path, people: int) -> Iterator[Instance]:
    cluster = Cluster.start(durable=True)
    try:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
            for name in ("kliento", "kliento_keys"):
                server.execute(f"CREATE DATABASE {name}")
            urls = {"DATABASE_URL": cluster.url("kliento"), "KEYS_DATABASE_URL": cluster.url("kliento_keys")}
            databases, keys, town = _settled("postgresql", folder, people, urls)
            server.execute("CREATE DATABASE alone TEMPLATE kliento")
        for name in ("kliento", "kliento_keys", "alone"):
            with psycopg.connect(cluster.url(name), autocommit=True) as settled:
                settled.execute("VACUUM ANALYZE")
        yield Instance(
            databases,
            keys,
            town["secrets"],
            people,
            limit=lambda: limits.postgresql(
                cluster.url("alone"),
                secret=town["secrets"][0],
                people=people,
                clients=CONNECTIONS,
                seconds=LIMIT_SECONDS,
                folder=folder,
            ),
            database_pid=cluster.pid,
        )
    finally:
        cluster.stop()


_INSTANCES = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


def _settled(
    engine: str, folder: Path, people: int, urls: dict[str, str]
) -> tuple[Databases, CodeKeys, dict[str, list[str]]]:
    """A migrated instance with a town in it."""
    data = folder / "data"
    data.mkdir()
    environment = {
        "KLIENTO_DATA": str(data),
        "KLIENTO_KEYS": str(folder / "keys"),
        "KLIENTO_ENV": "development",
        **urls,
    }
    inherited = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "KEYS_DATABASE_URL"}}
    subprocess.run(
        [Path(sys.executable).with_name("kliento"), "migrate"],
        env=inherited | environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    made = subprocess.run(
        [sys.executable, "-m", "bench.town", str(people), str(CONNECTIONS)],
        env=inherited | environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    keyring = Keyring(folder / "keys")
    keys = CodeKeys(token=keyring.existing("card-token"), signing=keyring.existing("card-signing"))
    return Databases(engine, data, environment), keys, json.loads(made.stdout)


if __name__ == "__main__":
    sys.exit(main())
