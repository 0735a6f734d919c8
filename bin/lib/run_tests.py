"""`bin/test`: the whole suite on SQLite, and beside it on PostgreSQL every rule that touches a database.

With --full also what pages show and take, and every journey, on PostgreSQL; searches for counterexamples go on longer.
Arguments go to pytest. With `--engine` among them, only that engine runs.
"""

import os
import signal
import subprocess
import sys
from queue import SimpleQueue
from threading import Thread

from machine import CHROMIUM, POSTGRESQL, PROJECT, missing, not_run, say

_NOTHING_CHOSEN = 5  # pytest's exit status when nothing of what was named suits this engine
# Of workers, or of a keyboard: then the engines run one after the other.
_CHOSEN_BY_HAND = ("-n", "--numprocesses", "--pdb")


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
    if any(argument.startswith(_CHOSEN_BY_HAND) for argument in arguments):
        results = [result for each in runs for result in run_beside(each)]
    else:
        results = run_beside(*([*workers(place), *each] for place, each in enumerate(runs)))
    print()
    for (_, summary), each in zip(results, runs, strict=True):
        print(f"{each[1] if each[0] == '--engine' else 'tests'}: {summary}")
    for line in left_out:
        print(line)
    statuses = {status for status, _ in results}
    if statuses != {_NOTHING_CHOSEN}:
        statuses.discard(_NOTHING_CHOSEN)
    return max(statuses) or (1 if left_out else 0)


def workers(place: int) -> list[str]:
    """How the run at this place, which shares the cores with the others, spreads its tests.

    The first has twice as many tests, and nearly all that need a browser: a worker more than cores, for whoever waits
    for a browser, a server or a clock leaves its core idle. More than that crowd each other out.
    """
    cores = os.cpu_count() or 1
    # Who is done first takes over what waits elsewhere: one test in a browser takes as long as a hundred others.
    return ["-n", str(cores if place else cores + 1), "--dist", "worksteal"]


def run_beside(*runs: list[str]) -> list[tuple[int, str]]:
    """These runs of pytest at the same time: of each its exit status and its closing line.

    The first prints as it goes on, the others when those before them are done.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # the tests bring settings of their own
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the product is started a hundred times, and compiled once
    started = [Run(each) for each in runs]
    try:
        return [(each.show(), each.summary) for each in started]
    except KeyboardInterrupt:
        for each in started:
            each.process.terminate()  # it got ctrl-c too when that came from the keyboard; twice does no harm
        for each in started:
            each.process.wait()  # it cleans up behind itself
        raise


class Run:
    """One run of pytest; what it prints is kept until it is shown."""

    def __init__(self, arguments: list[str]) -> None:
        say(f"pytest {' '.join(arguments)}")
        colour = ["--color=yes"] if sys.stdout.isatty() else []
        command = [sys.executable, "-m", "pytest", *colour, *arguments]
        self.process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self.summary = ""
        Thread(target=self._listen, daemon=True).start()

    def show(self) -> int:
        """Print what it has printed, and what it prints until its end; its exit status."""
        for line in iter(self._lines.get, None):
            print(line, end="", flush=True)
            self.summary = line.strip(" =\n") or self.summary
        return self.process.wait()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)
        self._lines.put(None)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
