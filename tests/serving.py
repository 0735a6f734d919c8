"""Runs the product as its users do, `kliento serve`, in a process of its own: from nothing, or loaded already."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Databases
from tests.loaded import Fork, Loaded
from tests.postgres import free_port

_START_SECONDS = 60
_STOP_SECONDS = 15


@dataclass(frozen=True)
class Served:
    """A running instance: its address, its process (the leader of a group of its own), what it printed."""

    url: str
    process: subprocess.Popen[bytes] | Fork
    log: Path


@contextmanager
def serving(databases: Databases, loaded: Loaded | None = None, **environment: str) -> Iterator[Served]:
    """Serve these databases on a free port until the block ends. Raises RuntimeError with the log."""
    port = free_port()
    url = f"http://localhost:{port}"
    log = databases.folder.parent / f"served-{port}.log"
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    its_own = inherited | databases.environment | {"KLIENTO_URL": url} | environment | {"PORT": str(port)}
    if loaded is not None and loaded.suits(its_own):
        process: subprocess.Popen[bytes] | Fork = loaded.start(its_own, log)
    else:
        process = _from_nothing(its_own, log)
    try:
        _wait_for(url, process, log)
        yield Served(url, process, log)
    finally:
        _stop(process)


def _from_nothing(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [Path(sys.executable).with_name("kliento"), "serve"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_for(url: str, process: subprocess.Popen[bytes] | Fork, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"kliento serve did not start:\n{log.read_text()}") from None
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes] | Fork) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
