"""A PostgreSQL cluster of our own, thrown away after the run: it never touches one that is already there."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

MISSING = "PostgreSQL is not installed. On Debian: apt-get install postgresql"

# Durability is not what these tests are about, and a throwaway cluster has nothing to lose.
_QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200"]
# Waits for the end of its input, which comes when the run ends in whatever way, kill -9 included; then stops the server
# (fast, without waiting for clients) and removes its files.
_KEEPER = 'folder=$1; shift; "$@" & read -r _; kill -INT $!; wait $!; rm -rf "$folder"'

_MEMORY = Path("/dev/shm")
_MEMORY_BYTES = 2_000_000_000


class PostgresMissing(RuntimeError):
    """No PostgreSQL programs on this machine."""


class Cluster:
    """Started by `Cluster.start()`, gone after `stop()`; `url(name)` addresses a database in it."""

    def __init__(self, folder: Path, port: int, keeper: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.port = port
        self._keeper = keeper

    @classmethod
    def start(cls, *, durable: bool = False) -> Self:
        """A running cluster on a free port of 127.0.0.1; `durable` for what is measured. Raises PostgresMissing."""
        binaries = _binaries()
        folder = Path(tempfile.mkdtemp(prefix="kliento-postgres-", dir=None if durable else roomy_memory()))
        # PostgreSQL refuses to run as root; the Debian package brings a user of that name.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        port = free_port()
        log = (folder / "log").open("wb")
        subprocess.run(
            [binaries / "initdb", *f"-D {folder / 'data'} -U postgres -A trust -E UTF8 --locale C.UTF-8 -N".split()],
            check=True,
            cwd=folder,
            user=user,
            stdout=log,
            stderr=log,
        )
        quick = [] if durable else _QUICK
        settings = [*quick, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        command = [binaries / "postgres", "-D", folder / "data", *(part for each in settings for part in ("-c", each))]
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "keeper", folder, *command],
            cwd="/",
            user=user,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # ctrl-c reaches the tests first; they stop the server when they are done
        )
        log.close()
        cluster = cls(folder, port, keeper)
        try:
            cluster._wait()
        except BaseException:
            cluster.stop()
            raise
        return cluster

    @property
    def pid(self) -> int:
        """The process all of the server's own descend from."""
        return self._keeper.pid

    def url(self, name: str) -> str:
        """A URL for DATABASE_URL."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop the server and remove its files; harmless when it is gone already."""
        self._keeper.communicate()

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self._keeper.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}") from None
                time.sleep(0.05)


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def roomy_memory() -> Path | None:
    """A folder in memory, where there is plenty: a database is copied quickly there, and a commit waits for no disk."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES else None


def _binaries() -> Path:
    """Where `initdb` and `postgres` are: on the path, or where Debian keeps them (newest first)."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -int(each.parent.name))
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissing(MISSING)
