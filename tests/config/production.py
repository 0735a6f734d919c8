"""An instance as production wants it, for tests that take one thing away."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kliento.domain.policy.rules import read
from kliento.kernel.keyring import Keyring
from tests.databases import Databases


@dataclass(frozen=True)
class Production:
    """Environment of an instance that may start."""

    environment: dict[str, str]
    folder: Path

    def kliento(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            [Path(sys.executable).with_name("kliento"), *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def production(databases: Databases, folder: Path) -> Production:
    """Keys of its own outside the data folder, a reviewed declaration, an https address, a mail server."""
    Keyring.create(folder / "keys", made_for="production")
    inherited = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return Production(
        inherited
        | databases.environment
        | {
            "KLIENTO_ENV": "production",
            "KLIENTO_KEYS": str(folder / "keys"),
            "KLIENTO_POLICY": str(reviewed(folder)),
            "KLIENTO_URL": "https://kliento.example",
            "EMAIL_URL": "smtp://127.0.0.1:2525",
        },
        folder,
    )


def reviewed(folder: Path) -> Path:
    """The default declaration with a review of exactly this version."""
    text = Path(settings.PROJECT / "register.toml").read_text()
    version = read(text.encode(), name="register.toml").version
    review = f'reviews = [{{ by = "Rauha Rekisteri", role = "DPO", on = 2026-11-22, of = "{version}" }}]'
    file = folder / "register.toml"
    file.write_text(text.replace("reviews = []", review, 1))
    return file
