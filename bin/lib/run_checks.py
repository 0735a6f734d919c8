"""`bin/check`: what can be judged without serving anything. Runs every check, then says which failed."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from machine import GETTEXT, PROJECT, missing, not_run

_BINARIES = Path(sys.executable).parent
# What the checks themselves are proved by, and what needs a migrated database: columns, routes, contracts.
_STRUCTURE = ["tests/architecture", "tests/promises/test_r_pur_4.py"]


_CLIENT = PROJECT / "clients" / "python"


def main() -> int:
    """0 when every check passed and none had to be left out."""
    checks: dict[str, list[object]] = {
        "style": [_BINARIES / "ruff", "check", "--quiet"],
        "format": [_BINARIES / "ruff", "format", "--check", "--quiet"],
        "types": [_BINARIES / "mypy"],
        "templates": [_BINARIES / "djlint", "--lint", "--quiet", "src"],
        "contracts": [_BINARIES / "lint-imports"],
        "client": [_BINARIES / "lint-imports", "--config", _CLIENT / "pyproject.toml"],
        "migrations": [sys.executable, PROJECT / "bin" / "lib" / "check_migrations.py"],
        "structure": [sys.executable, "-m", "pytest", "-q", "-n", "2", *_STRUCTURE],
    }
    left_out = []
    if GETTEXT in missing(GETTEXT):
        left_out.append(not_run("translations", GETTEXT))
    else:
        checks["translations"] = [sys.executable, PROJECT / "bin" / "lib" / "check_translations.py"]
    if shutil.which("node"):
        checks["scripts"] = [sys.executable, PROJECT / "bin" / "lib" / "check_scripts.py"]
    failed = [name for name, command in checks.items() if not passes(name, command)]
    for line in left_out:
        print(line)
    print(f"{len(checks) - len(failed)} passed, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed or left_out else 0


def passes(name: str, command: list[object]) -> bool:
    """Run one check; what it prints is shown when it fails."""
    started = time.monotonic()
    run = subprocess.run(
        [str(word) for word in command],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(_CLIENT / "src")},  # a package of its own, installed nowhere
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = run.returncode == 0
    print(f"{name:12} {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.0f} s)", flush=True)
    if not passed:
        print(run.stdout.rstrip() + "\n", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
