"""Lets a plan happen: starts the tills' programs, cuts their lines, shows them cards, kills and starts them again."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from kliento_till import QUEUED, Terminal
from simulation.cards import Cards
from simulation.counter import read_journal
from simulation.network import DEAF, DOWN, UP, Network
from simulation.plan import Plan, Show

PROJECT = Path(__file__).resolve().parents[1]
_READY_SECONDS, _FINISH_SECONDS, _END_SECONDS = 60.0, 120.0, 10.0


@dataclass(slots=True)
class Told:
    """What a till's program said of one show: at once, and how long that took."""

    outcome: str
    verdict: str
    milliseconds: float


class Counter:
    """One till's program, which is killed now and then."""

    def __init__(self, folder: Path, terminal: Terminal, *, ahead: float) -> None:
        self.terminal = terminal
        self.queue, self.journal = folder / "queue.sqlite3", folder / "journal"
        self.told: dict[int, Told] = {}
        self.told_again: list[tuple[int, str]] = []
        self.kills = 0
        self.shown: dict[int, str] = {}
        terminal.save(folder / "till.json")
        self._arguments = [str(folder / "till.json"), str(self.queue), str(self.journal), str(ahead)]
        self._lines = threading.Condition()
        self._words: set[str] = set()
        self.start()

    def start(self) -> None:
        """Begin, or begin again; what was shown and not answered is shown once more."""
        paths = os.pathsep.join([str(PROJECT), str(PROJECT / "clients" / "python" / "src")])
        self._words.clear()
        self._process = subprocess.Popen(  # our own program
            [sys.executable, "-m", "simulation.counter", *self._arguments],
            env=os.environ | {"PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        for number, code in list(self.shown.items()):
            if number not in self.told:
                self._say(f"show {number} {code}")

    def show(self, number: int, code: str) -> None:
        """Somebody shows this."""
        self.shown[number] = code
        self._say(f"show {number} {code}")

    def kill(self) -> None:
        """As a crash would, and at once started again."""
        self._process.kill()
        self._close()
        self.kills += 1
        self.start()

    def wait_for(self, word: str, seconds: float) -> None:
        """Until the program said so. Raises RuntimeError when it does not."""
        with self._lines:
            if not self._lines.wait_for(lambda: word in self._words or self._process.poll() is not None, seconds):
                raise RuntimeError(f"A till did not say {word!r} within {seconds:.0f} seconds.")
            if word not in self._words:
                raise RuntimeError("A till's program ended by itself.")

    def finish(self) -> None:
        """Everything is to be handed in; `wait_for("finished")` says when it was."""
        self._say("finish")

    def end(self) -> None:
        """The program ends by itself, at the end of its input."""
        self._close()

    def ids(self) -> dict[int, UUID]:
        """The scan id of each show it began."""
        return read_journal(self.journal)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):  # it was killed in the middle of a word
                break
            first, *rest = line.split()
            with self._lines:
                if rest and first.isdigit():
                    self._note(int(first), Told(rest[0], rest[1], float(rest[2])))
                else:
                    self._words.add(first)
                self._lines.notify_all()
        with self._lines:
            self._lines.notify_all()

    def _note(self, number: int, said: Told) -> None:
        """What was said first counts; what a repeat of the same scan says is noted beside it."""
        if self.told.setdefault(number, said) is not said and said.outcome != QUEUED:
            self.told_again.append((number, said.outcome))

    def _close(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # whatever it waits for, nobody waits for it
            self._process.kill()
            self._process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()


@dataclass
class Day:
    """What came of it: the tills with what they were told, and how long it took."""

    counters: list[Counter]
    plan: Plan
    seconds: float = 0.0


def live(
    plan: Plan,
    terminals: Sequence[Terminal],
    cards: Cards,
    *,
    folder: Path,
    port: int,
    meanwhile: Iterable[tuple[float, Callable[[Network], object]]] = (),
) -> Day:
    """Let it happen at the instance of this port. `meanwhile`: further acts by their second, as killing the server."""
    with Network(len(terminals), port=port) as network:
        counters: list[Counter] = []
        try:
            for till, (terminal, ahead) in enumerate(zip(terminals, plan.clocks, strict=True)):
                place = folder / f"till-{till}"
                place.mkdir()
                own_line = Terminal(network.url(till), terminal.secret, terminal.code_key, terminal.sealing_key)
                counters.append(Counter(place, own_line, ahead=ahead))
            for counter in counters:
                counter.wait_for("ready", _READY_SECONDS)
            day = Day(counters, plan)
            _let_happen(day, network, cards, meanwhile)
            for till in range(len(counters)):
                network.set(till, UP)
            for counter in counters:
                counter.finish()
            for counter in counters:
                counter.wait_for("finished", _FINISH_SECONDS)
        finally:
            for counter in counters:
                counter.end()
    return day


def _let_happen(
    day: Day, network: Network, cards: Cards, meanwhile: Iterable[tuple[float, Callable[[Network], object]]]
) -> None:
    codes: dict[int, str] = {}

    def show(one: Show) -> None:
        code = codes.pop(one.same_as, None) if one.same_as is not None else None
        codes[one.number] = code = code or cards.code(one)
        counter = day.counters[one.till]
        for _ in range(1 + one.again):
            counter.show(one.number, code)
        if one.kill_after is not None:
            time.sleep(one.kill_after)
            counter.kill()

    acts: list[tuple[float, Callable[[], object]]] = [(one.at, partial(show, one)) for one in day.plan.shows]
    for spell in day.plan.spells:
        acts.append((spell.start, partial(network.set, spell.till, DEAF if spell.deaf else DOWN)))
        acts.append((spell.end, partial(network.set, spell.till, UP)))
    acts += [(at, partial(act, network)) for at, act in meanwhile]
    started = time.monotonic()
    for at, act in sorted(acts, key=lambda one: one[0]):
        time.sleep(max(0.0, started + at - time.monotonic()))
        act()
    day.seconds = time.monotonic() - started
