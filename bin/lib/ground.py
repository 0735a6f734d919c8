"""Makes the ground ready: `.venv` with what `uv.lock` names, and compiled translations. Quick when nothing changed.

Runs before anything is installed, so it uses the standard library alone.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from machine import PROJECT, on_debian_as_root, say

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "kliento-ready"
UV = "uv==0.13.9"  # the one that wrote uv.lock
# Compiled here once: a Python that may not write bytecode would compile all of Django anew at every start.
SYNC = ["sync", "--frozen", "--quiet", "--compile-bytecode"]


def main() -> None:
    """Prepare, one process at a time: two scripts started together would both install."""
    folder = os.open(PROJECT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    prepare_packages()
    compile_translations()


def prepare_packages() -> None:
    """Install what the lock file names, unless this very state is installed."""
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = repr([said["project"], said["build-system"], said["dependency-groups"], UV, SYNC, str(VENV)])
    wanted = hashlib.sha256((PROJECT / "uv.lock").read_bytes() + project.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    if not PYTHON.exists() or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        make_venv()
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"UV_PYTHON": str(PYTHON), "UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(VENV)}
    say("installing the locked packages (uv sync --frozen)")
    run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV], environment)
    run([VENV / "bin" / "uv", *SYNC], environment)
    STAMP.write_text(wanted)


def make_venv() -> None:
    """A new `.venv`; Debian keeps the part of Python that makes one in a package of its own."""
    say(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    if on_debian_as_root():
        say("installing python3-venv (apt-get install)")
        run(["apt-get", "install", "--yes", "--quiet", "python3-venv"], dict(os.environ))
        shutil.rmtree(VENV, ignore_errors=True)
        run(command, dict(os.environ))
        return
    sys.exit("Python cannot make a virtual environment here. On Debian: sudo apt-get install python3-venv")


def compile_translations() -> None:
    """`.mo` beside each `.po`; they are not kept in git."""
    for source in sorted((PROJECT / "src" / "kliento" / "locale").glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            say(f"compiling {source.relative_to(PROJECT)}")
            catalogue: list[str | Path] = ["--input-file", source, "--output-file", compiled]
            run([VENV / "bin" / "pybabel", "--quiet", "compile", *catalogue], dict(os.environ))


def run(command: Sequence[str | Path], environment: dict[str, str]) -> None:
    """Run, or stop here with the command that failed."""
    words = [str(word) for word in command]
    if subprocess.run(words, cwd=PROJECT, env=environment, check=False).returncode != 0:
        sys.exit(f"Failed: {' '.join(words)}")


if __name__ == "__main__":
    main()
