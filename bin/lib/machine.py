"""What pip cannot bring: programs of the machine. Installed where that is possible, named where it is not.

Standard library alone: `ground.py` uses it before anything is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

CHROMIUM = "chromium"
POSTGRESQL = "postgresql"
GETTEXT = "gettext"


def say(what: str) -> None:
    """One line about what is being done, on standard error."""
    print(f"kliento: {what}", file=sys.stderr, flush=True)


def missing(*packages: str) -> list[str]:
    """Which of these Debian packages are not here, after trying to install them as root on Debian."""
    absent = [package for package in packages if not _is_here(package)]
    if absent and on_debian_as_root():
        say(f"installing {' '.join(absent)} (apt-get install)")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "--quiet"], env=quiet, stdout=sys.stderr, check=False)
        subprocess.run(
            ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *absent],
            env=quiet,
            stdout=sys.stderr,
            check=False,
        )
        absent = [package for package in absent if not _is_here(package)]
    return absent


def not_run(what: str, package: str) -> str:
    """The line that says what was left out and how to get it."""
    return f"NOT RUN: {what}: {package} is missing. On Debian: sudo apt-get install {package}"


def on_debian_as_root() -> bool:
    """Whether packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _is_here(package: str) -> bool:
    if package == CHROMIUM:
        return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    if package == POSTGRESQL:
        return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return shutil.which("msgfmt") is not None and shutil.which("xgettext") is not None
