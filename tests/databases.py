"""Fresh databases for each test: copied from a template that was migrated once. Nothing is rolled back.

PostgreSQL's are kept for the next test where that can be shown to be the same (`tests/kept.py`).
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from django.core.cache import caches
from django.core.management import call_command
from django.db import connections

PROJECT = Path(__file__).resolve().parents[1]
_DAY_SECONDS = 86_400


@dataclass
class Databases:
    """What one test got: which engine, the data folder, and the environment for a process that serves the same."""

    engine: str
    folder: Path
    variables: dict[str, str]
    shared: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """For another process; from then on it may write there without being seen."""
        self.shared = True
        return self.variables


class SqliteTemplate:
    """Template files in pytest's cache, one folder for each state of the migrations."""

    def __init__(self, cache: Path) -> None:
        self._names = {alias: Path(connections.settings[alias]["NAME"]).name for alias in connections}
        self._folder = cache / _digest_of_migrations()

    def build(self) -> None:
        """Migrate once; whoever comes meanwhile waits."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with locked(self._folder / "lock"):
            use({alias: str(self._folder / name) for alias, name in self._names.items()})
            if not (self._folder / "ready").exists():
                for name in self._names.values():
                    for stale in self._folder.glob(f"{name}*"):
                        stale.unlink()
                migrate()
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
        use({alias: str(folder / name) for alias, name in self._names.items()})
        try:
            yield Databases("sqlite", folder, {"KLIENTO_DATA": str(folder)})
        finally:
            let_go()


def migrate() -> None:
    """Every database that is in use, with the notice of the default declaration."""
    for alias in connections:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    import_module("kliento.domain.policy.actions").publish_own(at=datetime(2026, 1, 1, tzinfo=UTC))
    _close()


def use(names: dict[str, str]) -> None:
    """Point every alias at another database; connections of other threads follow when they open."""
    _close()
    for alias, name in names.items():
        connections.settings[alias]["NAME"] = name


def let_go() -> None:
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
def locked(path: Path) -> Iterator[None]:
    """One process after another."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest_of_migrations() -> str:
    """Changes whenever a migrated database would look different."""
    sources = [
        *PROJECT.glob("src/kliento/**/migrations/*.py"),
        *PROJECT.glob("src/kliento/config/*.py"),
        PROJECT / "uv.lock",
        PROJECT / "register.toml",
        *PROJECT.glob("src/kliento/domain/policy/**/*"),
    ]
    digest = hashlib.sha256()
    for source in sorted(filter(Path.is_file, sources)):
        digest.update(str(source.relative_to(PROJECT)).encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
