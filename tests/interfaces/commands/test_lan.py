"""`--lan`: the product on the machine's own network, over TLS, with the demo mailbox closed to everybody else."""

import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import pytest
from cryptography import x509
from django.conf import settings

from kliento.interfaces.commands.lan import certificate
from tests.databases import Databases
from tests.postgres import free_port

KLIENTO = Path(sys.executable).with_name("kliento")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIND = "from kliento.interfaces.commands.lan import own_address; print(own_address())"
# On a machine that is on no network every request is its own: the neighbour's part is then shown in tests/web alone.
ON_NETWORK = subprocess.run([sys.executable, "-c", FIND], capture_output=True, check=False).returncode == 0
NAMED = [] if ON_NETWORK else ["127.0.0.1"]
# A neighbour's request: in a process of its own, for nothing a test does itself may leave 127.0.0.1.
ASK = """
import ssl, sys, urllib.error, urllib.request
trusting = ssl.create_default_context(cafile=sys.argv[1])
opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting), urllib.request.ProxyHandler({}))
try:
    print(opener.open(sys.argv[2], timeout=20).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
"""


@dataclass(frozen=True)
class OnLan:
    """A product served with `--lan`."""

    url: str
    port: int
    certificate: Path
    printed: str

    def status(self, path: str) -> str:
        """What the network's side of this machine is answered."""
        command = [sys.executable, "-c", ASK, self.certificate, self.url + path]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    def at_home(self, path: str) -> int:
        """What this machine is answered at its own name."""
        trusting = HTTPSHandler(context=ssl.create_default_context(cafile=self.certificate))
        opener = build_opener(trusting, ProxyHandler({}))
        with opener.open(Request(f"https://localhost:{self.port}{path}"), timeout=20) as answer:
            assert "Strict-Transport-Security" not in answer.headers
            return int(answer.status)


@pytest.fixture
def on_lan(db: Databases) -> Iterator[OnLan]:
    port = free_port()
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    log = db.folder.parent / "lan.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [KLIENTO, "serve", "--lan", *NAMED],
            env=inherited | db.environment | {"PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 60
        while "browser trusts" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        printed = log.read_text()
        url = re.search(r"Kliento on (https://\S+)", printed)[1]
        yield OnLan(url, port, Path(db.environment["KLIENTO_DATA"]) / "lan" / "certificate.pem", printed)
    finally:
        process.terminate()
        process.wait(15)


def test_it_serves_over_tls_and_keeps_the_mailbox_to_this_machine(on_lan: OnLan) -> None:
    assert on_lan.url.endswith(f":{on_lan.port}")
    assert f"{on_lan.url}/demo/phone" in on_lan.printed
    assert "█" in on_lan.printed
    assert on_lan.status("/healthz") == "200"
    assert on_lan.status("/demo/phone") == "200"
    assert on_lan.status("/demo/mail") == ("404" if ON_NETWORK else "200")
    assert on_lan.at_home("/demo/mail") == 200


def made_at(folder: Path, address: str, *, at: datetime = NOW) -> x509.Certificate:
    made, key = certificate(folder, address, at=at)
    assert key.stat().st_mode & 0o077 == 0
    return x509.load_pem_x509_certificate(made.read_bytes())


def test_a_certificate_is_kept_until_the_address_changes_or_it_ends(tmp_path: Path) -> None:
    folder = tmp_path / "lan"
    first = made_at(folder, "192.168.1.5")
    assert made_at(folder, "192.168.1.5", at=NOW + timedelta(days=300)) == first
    moved = made_at(folder, "192.168.1.6")
    assert moved != first
    assert made_at(folder, "192.168.1.6", at=NOW + timedelta(days=360)) != moved


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"KLIENTO_LAN": "8.8.8.8"}, "never stands on the internet"),
        ({"KLIENTO_LAN": "0.0.0.0"}, "IPv4 address of this machine"),
        ({"KLIENTO_LAN": "my-laptop"}, "IPv4 address of this machine"),
        ({"KLIENTO_LAN": "192.168.1.5", "KLIENTO_ENV": "production"}, "KLIENTO_LAN is for development"),
        ({"KLIENTO_LAN": "192.168.1.5", "KLIENTO_URL": "https://kliento.example"}, "Set one of them"),
        ({"KLIENTO_URL": "https://192.168.1.5:8000"}, "which others may reach"),
    ],
)
def test_what_would_open_more_is_refused(environment: dict[str, str], sentence: str, tmp_path: Path) -> None:
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    folders = {"KLIENTO_DATA": str(tmp_path / "data"), "KLIENTO_KEYS": str(tmp_path / "keys")}
    refused = subprocess.run(
        [KLIENTO, "serve"],
        env=inherited | folders | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 1
    assert sentence in refused.stderr


def test_bin_run_tells_of_it() -> None:
    script = Path(settings.PROJECT) / "bin" / "lib" / "serve.py"
    told = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "--lan [ADDRESS]" in told.stdout
