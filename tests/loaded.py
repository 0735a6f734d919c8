"""The product, loaded once for many tests: each start is a fork that reads its own environment, then runs `serve`.

Loading is a second of computing, the same in each of the tests that look at pages. What starting does by itself (its
checks, its databases, its threads, its end) is left to `kliento serve`; `interfaces/commands/test_serve.py` and whoever
kills the product start it from nothing (`tests/serving.py`).
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# What differs between two tests. Where anything else does, the product is started from nothing.
_OF_A_TEST = {
    "DATABASE_URL",
    "KEYS_DATABASE_URL",
    "KLIENTO_DATA",
    "KLIENTO_KEYS",
    "KLIENTO_URL",
    "PORT",
    "PYTEST_CURRENT_TEST",
}


class Loaded:
    """A process that has loaded the product; it is there from the first `start` until `stop`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._environment: dict[str, str] = {}

    def suits(self, environment: dict[str, str]) -> bool:
        """Whether what is loaded is what this environment would load."""
        return _fixed(environment) == _fixed(self._environment or environment)

    def start(self, environment: dict[str, str], log: Path) -> "Fork":
        """`kliento serve` in this environment, at the head of a group of its own, writing to that file."""
        if self._process is None:
            self._environment = environment
            self._process = subprocess.Popen(
                [sys.executable, __file__],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # ctrl-c reaches the tests first; they stop what they started
            )
        return Fork(self, int(self.ask({"environment": environment, "log": str(log)})))

    def ask(self, question: dict[str, object]) -> int | None:
        """The answer of the process: to a start the number of the new one, to a number how that one ended."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """It ends when nobody can ask any more."""
        if self._process is not None:
            self._process.communicate()


class Fork:
    """What `subprocess.Popen` would say of it; its parent is the process that has loaded the product."""

    def __init__(self, loaded: Loaded, pid: int) -> None:
        self._loaded = loaded
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._loaded.ask({"pid": self.pid})
        return self.returncode

    def wait(self, seconds: float | None = None) -> int:
        """How it ended. Raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + (seconds or 3600)
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("kliento serve", seconds or 3600)
            time.sleep(0.01)
        return status

    def kill(self) -> None:
        """By force."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


def _fixed(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in _OF_A_TEST}


def _load() -> None:
    """Everything that `serve` imports, before anything is read from a database."""
    import gc

    import django
    from django.core.management import get_commands, load_command_class
    from django.db.migrations.loader import MigrationLoader

    os.environ["DJANGO_SETTINGS_MODULE"] = "kliento.config.settings"
    django.setup()
    load_command_class(get_commands()["serve"], "serve").check()
    importlib.import_module("kliento.interfaces.commands.entry")
    MigrationLoader(None)
    gc.freeze()  # else each fork copies what its collector looks at


def _forks() -> bool:
    """Answer until nobody can ask any more; True in a fork, which is the product now."""
    for line in sys.stdin:
        question = json.loads(line)
        if "pid" in question:
            pid, status = os.waitpid(question["pid"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        elif not (answer := os.fork()):
            _become(question["environment"], Path(question["log"]))
            return True
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return False


def _become(environment: dict[str, str], log: Path) -> None:
    """Own session, own files, own environment; the settings are read again."""
    from django.conf import settings
    from django.db import connections

    os.setsid()
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    read_again = importlib.reload(sys.modules["kliento.config.settings"])
    for alias, database in read_again.DATABASES.items():
        connections.settings[alias].update(database)
    for name in dir(read_again):
        if name.isupper() and name != "DATABASES":
            setattr(settings, name, getattr(read_again, name))
    sys.argv = ["kliento", "serve"]


if __name__ == "__main__":
    _load()
    if _forks():
        from kliento.interfaces.commands.entry import main

        main()
