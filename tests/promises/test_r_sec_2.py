"""R-SEC-2: production refuses a root key inside the data folder."""

import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
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
    refused = instance.kliento("serve", "--port", str(free_port()), KLIENTO_KEYS=str(keys))
    assert refused.returncode == 1
    assert "A root key is inside the data folder" in refused.stderr


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
    port = free_port()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("kliento"), "serve", "--port", str(port)], env=instance.environment
    )
    try:
        assert _alive(f"http://127.0.0.1:{port}/healthz", process)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def _alive(url: str, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bool(response.status == 200)
        except urllib.error.URLError:
            time.sleep(0.1)
    return False
