"""Taps end to end: HTTP, rules, gate, Activity and all, beside the database's own limit in the same run.

`kliento bench taps [--json FILE] [--quick]`. Keep-alive connections against `kliento serve`, on SQLite and PostgreSQL;
every scan is a fresh rotating code of somebody who shares two fields and has the loyalty card in use.
    single   one scan a request, 1, 16 and 64 connections. The limit commits each tap by itself.
    batch    uploads of 500 scans, one connection. The limit inserts the same rows in bulk, a commit for each upload.
Both begin with 200,000 visits stored, as on any day but the first. Rounds of limit and product alternate; medians
count. Sender, product and database share this machine, so only the ratios carry over.
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

from bench import cpu, limits, stored
from bench.line import Run, send_all
from kliento.domain.cards.rules import CodeKeys, rotating_code, slot_at
from kliento.kernel.ids import new_id
from kliento.kernel.keyring import Keyring
from tests.databases import Databases
from tests.postgres import Cluster
from tests.serving import Served, serving

CONNECTIONS = 16  # of the promise; the others show where it bends
OTHER_CONNECTIONS = {1: 400, 64: 1200}  # connections: taps
TILLS = 64
ROUNDS = 3
LIMIT_SECONDS = 4
WARM_UP = 200
STORED = 200_000  # visits that are there already, on both sides: on the first day plans are made for empty tables
BATCH = 500
BATCHES = 6  # in a round


@dataclass(frozen=True)
class Instance:
    """An instance with a town in it, and where its database's CPU time is counted."""

    databases: Databases
    keys: CodeKeys
    secrets: list[str]
    people: int
    limit: Callable[[], float] = lambda: 0.0
    limit_of_batches: Callable[[], float] = lambda: 0.0
    database_pid: int | None = None
    settle: Callable[[], None] = lambda: None
    """What autovacuum does within a minute: until then an empty table's statistics choose the plans."""


def main() -> int:
    """0 when every tap was answered as it should be."""
    parser = argparse.ArgumentParser(prog="kliento bench taps", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="one engine only")
    parser.add_argument("--taps", type=int, default=1200, help="taps in a round (1200)")
    parser.add_argument("--quick", action="store_true", help="16 connections only, no uploads")
    chosen = parser.parse_args()
    people = WARM_UP + chosen.taps * ROUNDS
    if not chosen.quick:
        people += sum(OTHER_CONNECTIONS.values()) + BATCH * (1 + BATCHES * ROUNDS)
    figures: dict[str, float] = {}
    for engine in [chosen.engine] if chosen.engine else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="kliento-bench-") as folder:
            os.chmod(folder, 0o755)
            with _INSTANCES[engine](Path(folder), people) as instance:
                figures |= _measure(engine, instance, taps=chosen.taps, quick=chosen.quick)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def _measure(engine: str, instance: Instance, *, taps: int, quick: bool) -> dict[str, float]:
    print(f"\n{engine}: {instance.people} people, {ROUNDS} rounds of {taps} taps, {CONNECTIONS} connections")
    crowd = Crowd(instance)
    with serving(instance.databases) as product:
        crowd.tap(product, taps=WARM_UP, connections=CONNECTIONS)
        instance.settle()
        figures = _single(engine, product, crowd, taps=taps)
        if not quick:
            for connections, number in OTHER_CONNECTIONS.items():
                run = crowd.tap(product, taps=number, connections=connections)
                figures |= _said(_run_of(f"taps.{engine}.single.c{connections}", run))
            figures |= _batches(engine, product, crowd)
    return figures


def _single(engine: str, product: Served, crowd: "Crowd", *, taps: int) -> dict[str, float]:
    """The promise: so many connections, each tap a request."""
    name, reached, runs, split = f"taps.{engine}.single", [], [], []
    for _ in range(ROUNDS):
        reached.append(crowd.instance.limit())
        before = _spent(product, crowd.instance)
        runs.append(crowd.tap(product, taps=taps, connections=CONNECTIONS))
        split.append(_each(product, crowd.instance, before, scans=taps))
        print(f"  limit {reached[-1]:7.0f}   taps {runs[-1].per_second:7.0f} a second")
    times = {key: figure for key, figure in _run_of(name, _middle(runs)).items() if "_second" not in key}
    return _compared(name, reached, [run.per_second for run in runs], split) | _said(times)


def _batches(engine: str, product: Served, crowd: "Crowd") -> dict[str, float]:
    """Uploads of a till that was without a network, one after the other."""
    crowd.upload(product, batches=1)  # nobody has sent one yet
    reached, reaches, split = [], [], []
    for _ in range(ROUNDS):
        reached.append(crowd.instance.limit_of_batches())
        before = _spent(product, crowd.instance)
        run = crowd.upload(product, batches=BATCHES)
        reaches.append(BATCH * run.per_second)
        split.append(_each(product, crowd.instance, before, scans=BATCH * BATCHES))
        print(f"  bulk  {reached[-1]:7.0f}   scans {reaches[-1]:6.0f} a second")
    return _compared(f"taps.{engine}.batch", reached, reaches, split)


def _compared(name: str, reached: list[float], reaches: list[float], split: list[list[float]]) -> dict[str, float]:
    app, database, sender = (statistics.median(column) for column in zip(*split, strict=True))
    figures = {
        f"{name}.limit": statistics.median(reached),
        f"{name}.per_second": statistics.median(reaches),
        f"{name}.ratio": statistics.median(reaches) / statistics.median(reached),
        f"{name}.cpu_ms.app": app,
        f"{name}.cpu_ms.database": database,
        f"{name}.cpu_ms.sender": sender,
    }
    where = f"{database:.2f} ms in the database" if database else "the database inside it"
    _said(figures)
    print(f"  CPU of one scan: {app:.2f} ms in the app, {where}; {sender:.2f} ms in the sender")
    print(f"  what dominates: {_dominant(app, database, sender)}")
    return figures


def _dominant(app: float, database: float, sender: float) -> str:
    """What takes most of the CPU, and what follows: how many scans a second these cores carry, at most."""
    costs = {"the application": app, "the database": database, "the sender": sender}
    most, total, cores = max(costs, key=lambda name: costs[name]), app + database + sender, os.cpu_count() or 1
    return (
        f"{most}, {costs[most] / total:.0%} of the CPU. {cores} cores carry {1000 * cores / total:.0f} a second at"
        f" most, one interpreter {1000 / app:.0f}"
    )


def _run_of(name: str, run: Run) -> dict[str, float]:
    p50, p99 = run.percentile(0.5), run.percentile(0.99)
    return {
        f"{name}.per_second": run.per_second,
        f"{name}.p50_ms": p50,
        f"{name}.p99_ms": p99,
        f"{name}.p99_over_p50": p99 / p50,
    }


def _middle(runs: list[Run]) -> Run:
    return sorted(runs, key=lambda run: run.per_second)[len(runs) // 2]


def _said(figures: dict[str, float]) -> dict[str, float]:
    for key, figure in figures.items():
        print(f"  {key:40} {figure:10.3f}")
    return figures


class Crowd:
    """People who show their phones, each once."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._next = 1

    def tap(self, product: Served, *, taps: int, connections: int) -> Run:
        """So many people now, one after the other at each connection. Raises RuntimeError for a wrong answer."""
        secrets = self.instance.secrets
        requests = [_request(secrets[place % len(secrets)], [code]) for place, code in enumerate(self._codes(taps))]
        return _sent(product, requests, connections=connections)

    def upload(self, product: Served, *, batches: int) -> Run:
        """So many uploads of one till."""
        requests = [_request(self.instance.secrets[0], self._codes(BATCH)) for _ in range(batches)]
        return _sent(product, requests, connections=1)

    def _codes(self, number: int) -> list[str]:
        first, self._next = self._next, self._next + number
        slot = slot_at(datetime.now(tz=UTC))
        return [rotating_code(ordinal, slot, keys=self.instance.keys) for ordinal in range(first, self._next)]


def _sent(product: Served, requests: list[bytes], *, connections: int) -> Run:
    port = urlsplit(product.url).port
    run = send_all(port, requests, connections=connections, expected=b'"nickname": "Aino"')
    if run.failures:
        raise RuntimeError(f"{len(run.failures)} requests went wrong: {run.failures[0]!r}")
    return run


def _request(secret: str, codes: list[str]) -> bytes:
    body = json.dumps({"scans": [{"id": str(new_id()), "code": code} for code in codes]}).encode()
    head = (
        "POST /api/v1/scans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _spent(product: Served, instance: Instance) -> list[float]:
    """CPU seconds so far of the product, the database and the sender."""
    database = cpu.of_tree(instance.database_pid) if instance.database_pid else 0.0
    return [cpu.of_tree(product.process.pid), database, cpu.of_myself()]


def _each(product: Served, instance: Instance, before: list[float], *, scans: int) -> list[float]:
    """Milliseconds of CPU for each scan since then."""
    return [1000 * (now - then) / scans for now, then in zip(_spent(product, instance), before, strict=True)]


@contextmanager
def _on_sqlite(folder: Path, people: int) -> Iterator[Instance]:
    databases, keys, town = settled("sqlite", folder, people, {})
    stored.fill(databases.environment, STORED)
    alone = folder / "limit.sqlite3"
    shutil.copyfile(databases.folder / "kliento.sqlite3", alone)
    secret = town["secrets"][0]
    yield Instance(
        databases,
        keys,
        town["secrets"],
        people,
        limit=lambda: limits.sqlite(alone, secret=secret, people=people, taps=2000),
        limit_of_batches=lambda: limits.sqlite_batches(alone, size=BATCH, batches=BATCHES),
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
            databases, keys, town = settled("postgresql", folder, people, urls)
            stored.fill(databases.environment, STORED)
            server.execute("CREATE DATABASE alone TEMPLATE kliento")

        def settle(*names: str) -> None:
            for name in names:
                with psycopg.connect(cluster.url(name), autocommit=True) as settled:
                    settled.execute("VACUUM ANALYZE")

        settle("alone")
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
            limit_of_batches=lambda: limits.postgresql_batches(cluster.url("alone"), size=BATCH, batches=BATCHES),
            database_pid=cluster.pid,
            settle=lambda: settle("kliento", "kliento_keys"),
        )
    finally:
        cluster.stop()


_INSTANCES = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}


def settled(
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
        [sys.executable, "-m", "bench.town", str(people), str(TILLS)],
        env=inherited | environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    keyring = Keyring(folder / "keys")
    keys = CodeKeys(token=keyring.existing("card-token"), signing=keyring.existing("card-signing"))
    return Databases(engine, data, environment), keys, json.loads(made.stdout)


if __name__ == "__main__":
    sys.exit(main())
