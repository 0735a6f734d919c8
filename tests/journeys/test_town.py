"""A town's tills with bad networks, wrong clocks and crashes, while the instance is killed and started again: each
acknowledged scan stands once with its outcome, each identified one has one visit, none is lost.

A hundredth of the town by default; the whole one, 50 tills and 20,000 cards for three minutes, with `--full`.
"""

import json
import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from bench import town

from simulation import setting
from simulation.books import audit
from simulation.day import live
from simulation.network import Network
from simulation.plan import make_plan
from tests.databases import PROJECT, Databases
from tests.serving import serving

SEED = 2611


@dataclass(frozen=True)
class Size:
    tills: int
    cards: int
    seconds: int
    rate: int  # shows a second
    kills: tuple[float, ...]  # of the instance, as shares of the time


WHOLE = Size(50, 20_000, 180, 20, (0.2, 0.4, 0.6, 0.8))
HUNDREDTH = Size(3, 200, 8, 5, (0.45,))


class Instance:
    """`kliento serve`, which is killed and comes back at another port."""

    def __init__(self, databases: Databases, stack: ExitStack) -> None:
        self._databases = databases
        self._stack = stack
        self._served = stack.enter_context(serving(databases))
        self._returning: list[threading.Thread] = []
        self.kills = 0

    @property
    def port(self) -> int:
        return urlsplit(self._served.url).port or 0

    def kill(self, network: Network) -> None:
        for thread in self._returning:  # on a busy machine it may not be back from the last time
            thread.join()
        os.killpg(self._served.process.pid, signal.SIGKILL)
        self._served.process.wait()
        self.kills += 1
        self._returning.append(threading.Thread(target=self._return, args=[network]))
        self._returning[-1].start()

    def _return(self, network: Network) -> None:
        self._served = self._stack.enter_context(serving(self._databases))
        network.port = self.port


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    return WHOLE if request.config.getoption("full") else HUNDREDTH


@pytest.mark.long
def test_each_scan_of_a_town_stands_once_whatever_is_cut_or_killed(db: Databases, size: Size, tmp_path) -> None:
    built = town.build(size.cards, size.tills)
    terminals = [setting.terminal_with(secret) for secret in built["secrets"]]
    cards = setting.cards(size.cards)
    plan = make_plan(tills=size.tills, cards=size.cards, seconds=size.seconds, rate=size.rate, seed=SEED)
    with ExitStack() as stack:
        instance = Instance(db, stack)
        kills = [(share * size.seconds, instance.kill) for share in size.kills]
        day = live(plan, terminals, cards, folder=tmp_path, port=instance.port, meanwhile=kills)
        findings = audit(day)

    figures = {"engine": db.engine, "instance.kills": instance.kills} | findings.all_figures()
    (PROJECT / "out").mkdir(exist_ok=True)
    name = f"town-{db.engine}-{size.tills}.json"
    (PROJECT / "out" / name).write_text(json.dumps(figures, indent=1) + "\n")
    assert (findings.lost, findings.doubled, findings.changed, findings.strangers) == ([], [], [], []), figures
    assert figures["acknowledged"] == figures["shown"] == len(plan.shows)
    assert instance.kills == len(size.kills)
    assert min(figures[name] for name in ("kills", "queued", "visits", "stamps", "outcome.identified")) > 0


def test_the_same_seed_is_the_same_plan() -> None:
    options = {"tills": 3, "cards": 50, "seconds": 60, "rate": 5}
    assert make_plan(**options, seed=7) == make_plan(**options, seed=7)
    assert make_plan(**options, seed=7) != make_plan(**options, seed=8)
