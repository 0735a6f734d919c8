"""Fresh databases for each test: copied from a template that was migrated once.

Nothing is rolled back and nothing is flushed: commits are real, and the append-only triggers forbid emptying a table.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import psycopg
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[1]
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Databases:
    """What one test got: which engine, the data folder, and the environment for a process that serves the same."""

    engine: str
    folder: Path
    environment: dict[str, str]


class SqliteTemplate:
    """Template files in pytest's cache, one folder for each state of the migrations."""

    def __init__(self, cache: Path) -> None:
        self._names = {alias: Path(connections.settings[alias]["NAME"]).name for alias in connections}
        self._folder = cache / _digest_of_migrations()

    def build(self) -> None:
        """Migrate once; whoever comes meanwhile waits."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _locked(self._folder / "lock"):
            _use({alias: str(self._folder / name) for alias, name in self._names.items()})
            if not (self._folder / "ready").exists():
                for name in self._names.values():
                    for stale in self._folder.glob(f"{name}*"):
                        stale.unlink()
                _migrate()
                (self._folder / "ready").touch()
            os.utime(self._folder)
        for old in self._folder.parent.iterdir():
            if old.stat().st_mtime < time.time() - _DAY_SECONDS:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Databases]:
        """Copies in `folder`, under the names the product gives them in its data folder."""
        for name in self._names.values():
            shutil.copyfile(self._folder / name, folder / name)
        _use({alias: str(folder / name) for alias, name in self._names.items()})
        try:
            yield Databases("sqlite", folder, {"KLIENTO_DATA": str(folder)})
        finally:
            _let_go()


class PostgresTemplate:
    """Template databases in the run's own cluster, which all workers share."""

    def __init__(self, worker: str) -> None:
        self._settings = connections.settings["default"]
        self._templates = {alias: str(connections.settings[alias]["NAME"]) for alias in connections}
        self._worker = worker
        self._made = 0

    def build(self) -> None:
        """Create and migrate the template databases, unless another worker has."""
        with self._administering() as server, _locked(Path(os.environ["KLIENTO_TEST_CLUSTER"]) / "lock"):
            for name in self._templates.values():
                known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if known is None:
                    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            _use(self._templates)
            _migrate()  # does nothing where another worker has migrated

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Databases]:
        """Databases of this test's own."""
        self._made += 1
        copies = {alias: f"{name}_{self._worker}_{self._made}" for alias, name in self._templates.items()}
        with self._administering() as server:
            # Copying files takes a fifth of the time of PostgreSQL 15's default, which writes all pages to its log.
            strategy = " STRATEGY FILE_COPY" if server.info.server_version >= 150_000 else ""
            for alias, name in copies.items():
                copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy)
                server.execute(copy.format(sql.Identifier(name), sql.Identifier(self._templates[alias])))
            _use(copies)
            try:
                yield Databases("postgresql", folder, {"KLIENTO_DATA": str(folder), **self._urls(copies)})
            finally:
                _let_go()
                for name in copies.values():
                    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _urls(self, names: dict[str, str]) -> dict[str, str]:
        server = f"postgres://postgres@{self._settings['HOST']}:{self._settings['PORT']}"
        return {"DATABASE_URL": f"{server}/{names['default']}", "KEYS_DATABASE_URL": f"{server}/{names['keys']}"}

    def _administering(self) -> closing[psycopg.Connection]:
        host, port = self._settings["HOST"], self._settings["PORT"]
        return closing(psycopg.connect(host=host, port=port, user="postgres", dbname="postgres", autocommit=True))


def _migrate() -> None:
    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    _close()


def _use(names: dict[str, str]) -> None:
    """Point every alias at another database; connections of other threads follow when they open."""
    _close()
    for alias, name in names.items():
        connections.settings[alias]["NAME"] = name


def _let_go() -> None:
    """Nothing of one test's databases may be left in memory for the next, nor a thread that writes to them."""
    import_module("kliento.domain.visits.actions").settle()
    for cache in caches.all(initialized_only=True):
        cache.clear()
    _close()


def _close() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest_of_migrations() -> str:
    """Changes whenever a migrated database would look different."""
    sources = [
        *PROJECT.glob("src/kliento/**/migrations/*.py"),
        *PROJECT.glob("src/kliento/config/*.py"),
        PROJECT / "uv.lock",
    ]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(str(source.relative_to(PROJECT)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
