"""`bin/test`: the whole suite on SQLite, then on PostgreSQL every rule that touches a database.

With --full also what pages show and take, and every journey, on PostgreSQL; searches for counterexamples go on longer.
Arguments go to pytest. With `--engine` among them, only that engine runs.
"""

import os
import signal
import subprocess
import sys

from machine import CHROMIUM, POSTGRESQL, PROJECT, missing, not_run, say

_NOTHING_CHOSEN = 5  # pytest's exit status when nothing of what was named suits this engine


def main(arguments: list[str]) -> int:
    """0 when every run passed and nothing had to be left out."""
    left_out = []
    absent = missing(CHROMIUM, POSTGRESQL)
    if CHROMIUM in absent:
        arguments = ["--without-browser", *arguments]
        left_out.append(not_run("what needs a browser", CHROMIUM))
    if any(argument.startswith("--engine") for argument in arguments):
        runs = [arguments]
    else:
        runs = [["--engine", engine, *arguments] for engine in ("sqlite", "postgresql")]
        if POSTGRESQL in absent:
            runs.pop()
            left_out.append(not_run("the tests on PostgreSQL", POSTGRESQL))
    results = [run(each) for each in runs]
    print()
    for (_, summary), each in zip(results, runs, strict=True):
        print(f"{each[1] if each[0] == '--engine' else 'tests'}: {summary}")
    for line in left_out:
        print(line)
    statuses = {status for status, _ in results}
    if statuses != {_NOTHING_CHOSEN}:
        statuses.discard(_NOTHING_CHOSEN)
    return max(statuses) or (1 if left_out else 0)


def run(arguments: list[str]) -> tuple[int, str]:
    """One pytest run over all cores: its exit status and its closing line.

    Two workers more than there are cores: a test that waits for a browser, a server or a clock leaves its core idle.
    """
    if not any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        # Who is done first takes over what waits elsewhere: one test in a browser takes as long as a hundred others.
        arguments = ["-n", str((os.cpu_count() or 1) + 2), "--dist", "worksteal", *arguments]
    say(f"pytest {' '.join(arguments)}")
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [sys.executable, "-m", "pytest", *colour, *arguments]
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # the tests bring settings of their own
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the product is started a hundred times, and compiled once
    summary = ""
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, bufsize=1) as pytest:
        try:
            for line in pytest.stdout or ():
                print(line, end="", flush=True)
                summary = line.strip(" =\n") or summary
        except KeyboardInterrupt:
            pytest.terminate()  # it got ctrl-c too when that came from the keyboard; twice does no harm
            pytest.wait()
            raise
    return pytest.returncode, summary


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
