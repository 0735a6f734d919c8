"""Instances of a bench's own, on either engine, and programs that run for them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import Cluster


def run(command: list[str], environment: dict[str, str]) -> str:
    """What the command prints, run for that instance alone. Raises CalledProcessError."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "KEYS_DATABASE_URL"}}
    return subprocess.run(command, env=kept | environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def settled(environment: dict[str, str]) -> None:
    """PostgreSQL as it is after a night: analysed. SQLite keeps no figures of its own."""
    for name in ("DATABASE_URL", "KEYS_DATABASE_URL"):
        if name in environment:
            with psycopg.connect(environment[name], autocommit=True) as server:
                server.execute("VACUUM ANALYZE")


@contextmanager
def on_sqlite(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of an instance in `folder`, empty."""
    (folder / "data").mkdir()
    yield {"KLIENTO_DATA": str(folder / "data"), "KLIENTO_KEYS": str(folder / "keys"), "KLIENTO_ENV": "development"}


@contextmanager
def on_postgresql(folder: Path) -> Iterator[dict[str, str]]:
    """The same with its databases in a cluster of its own, which keeps what it was told (fsync on)."""
    cluster = Cluster.start(durable=True)
    try:
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
            for name in ("kliento", "kliento_keys"):
                server.execute(f"CREATE DATABASE {name}")
        with on_sqlite(folder) as environment:
            urls = {"DATABASE_URL": cluster.url("kliento"), "KEYS_DATABASE_URL": cluster.url("kliento_keys")}
            yield environment | urls
    finally:
        cluster.stop()


ENGINES = {"sqlite": on_sqlite, "postgresql": on_postgresql}
