"""R-SEC-2: production refuses a root key inside the data folder."""

import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.production import Production, production
from tests.databases import Databases
from tests.postgres import free_port


@pytest.fixture
def instance(db: Databases, tmp_path: Path) -> Production:
    return production(db, tmp_path)


def keyring_in_the_data_folder(instance: Production, data: Path) -> Path:
    return Path(shutil.copytree(instance.folder / "keys", data / "keys"))


def keyring_deep_in_the_data_folder(instance: Production, data: Path) -> Path:
    return Path(shutil.copytree(instance.folder / "keys", data / "private" / "of" / "kliento"))


def keyring_that_only_looks_outside(instance: Production, data: Path) -> Path:
    keyring_in_the_data_folder(instance, data)
    link = instance.folder / "elsewhere"
    link.symlink_to(data / "keys")
    return link


def root_key_that_only_looks_outside(instance: Production, data: Path) -> Path:
    keys = instance.folder / "keys"
    shutil.move(keys / "root.key", data / "moved.key")
    (keys / "root.key").symlink_to(data / "moved.key")
    return keys


def forgotten_copy_in_the_data_folder(instance: Production, data: Path) -> Path:
    (data / "backup").mkdir()
    shutil.copy(instance.folder / "keys" / "root.key", data / "backup" / "root.key")
    return instance.folder / "keys"


@pytest.mark.parametrize(
    "arrange",
    [
        keyring_in_the_data_folder,
        keyring_deep_in_the_data_folder,
        keyring_that_only_looks_outside,
        root_key_that_only_looks_outside,
        forgotten_copy_in_the_data_folder,
    ],
)
def test_production_does_not_start_with_a_root_key_inside_the_data_folder(
    instance: Production, db: Databases, arrange: Callable[[Production, Path], Path]
) -> None:
    keys = arrange(instance, db.folder)
    with serving(instance, stderr=subprocess.PIPE, KLIENTO_KEYS=str(keys)) as (process, url):
        assert not _alive(url, process)
        assert process.wait() == 1
        _, said = process.communicate()
    assert "A root key is inside the data folder" in said


def test_neither_does_the_worker_nor_another_wsgi_server(instance: Production, db: Databases) -> None:
    keys = str(keyring_in_the_data_folder(instance, db.folder))
    refused = instance.kliento("work", "--once", KLIENTO_KEYS=keys)
    assert refused.returncode == 1
    assert "A root key is inside the data folder" in refused.stderr
    loaded = subprocess.run(
        [sys.executable, "-c", "import kliento.config.wsgi"],
        env=instance.environment | {"KLIENTO_KEYS": keys},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert loaded.returncode == 1
    assert "A root key is inside the data folder" in loaded.stderr


def test_it_starts_with_the_root_key_elsewhere(instance: Production) -> None:
    with serving(instance) as (process, url):
        assert _alive(url, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


@contextmanager
def serving(
    instance: Production, *, stderr: int | None = None, **environment: str
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`kliento serve` as it starts or refuses to, and where it would say that it is well; gone after the block."""
    port = free_port()
    with subprocess.Popen(
        [Path(sys.executable).with_name("kliento"), "serve", "--port", str(port)],
        env=instance.environment | environment,
        stderr=stderr,
        text=True,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}/healthz"
        finally:
            process.kill()


def _alive(url: str, process: "subprocess.Popen[str]") -> bool:
    """Whether it answers; False as soon as it has ended."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except urllib.error.URLError:
            time.sleep(0.1)
    return False
