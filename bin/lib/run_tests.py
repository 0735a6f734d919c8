"""`bin/test`: the whole suite on SQLite, then on PostgreSQL what touches a database.

Arguments go to pytest; with a path, or with `--engine`, only that is run, still with the ground made ready.
"""

import os
import subprocess
import sys

from machine import CHROMIUM, POSTGRESQL, PROJECT, missing, not_run, say

_NOTHING_COLLECTED = 5  # pytest's exit status: nothing in this selection suits this engine


def main(arguments: list[str]) -> int:
    """The worst exit status of all runs; 1 when something could not be run."""
    left_out: list[str] = []
    absent = missing(CHROMIUM, POSTGRESQL)
    extra = ["--ignore=tests/journeys"] if CHROMIUM in absent else []
    if CHROMIUM in absent:
        left_out.append(not_run("the journeys in the browser", CHROMIUM))
    engines = ["sqlite", "postgresql"]
    if any(argument.startswith("--engine") for argument in arguments):
        engines = [""]
    elif POSTGRESQL in absent:
        engines.remove("postgresql")
        left_out.append(not_run("the tests on PostgreSQL", POSTGRESQL))
    statuses = [run(engine, [*extra, *arguments]) for engine in engines]
    for line in left_out:
        print(line)
    failed = [status for status in statuses if status not in {0, _NOTHING_COLLECTED}]
    if not failed and _NOTHING_COLLECTED in statuses and 0 not in statuses:
        return _NOTHING_COLLECTED
    return max(failed, default=1 if left_out else 0)


def run(engine: str, arguments: list[str]) -> int:
    """One pytest run over all cores, its summary at the end."""
    if engine:
        say(f"tests on {engine}")
        arguments = ["--engine", engine, *arguments]
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        arguments = ["-n", str(max(2, os.cpu_count() or 2)), *arguments]
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
