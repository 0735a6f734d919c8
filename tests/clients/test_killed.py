"""A till's program that is killed again and again while it takes cards: what it took stands once."""

import random
import time

import pytest

from kliento.domain.cards.actions import make_blank_cards
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from simulation.day import Counter
from tests.clients.tills import terminal_of
from tests.serving import Served
from tests.world import REGISTER_HOLDER, Place

CARDS, KILLED_EVERY = 80, 4
LONGEST_SECONDS = 0.025  # a scan takes about ten milliseconds


@pytest.mark.both_engines
@pytest.mark.long
def test_a_till_killed_at_any_moment_loses_nothing_and_doubles_nothing(served: Served, kaisa: Place, tmp_path) -> None:
    cards = make_blank_cards(CARDS, third_party_id=None, by=REGISTER_HOLDER, at=now()).numbers
    counter = Counter(tmp_path, terminal_of(kaisa, served.url), ahead=0)
    counter.wait_for("ready", 30)
    moments = random.Random(3)
    for number, card in enumerate(cards):
        counter.show(number, card)
        if number % KILLED_EVERY == 0:
            time.sleep(moments.uniform(0, LONGEST_SECONDS))
            counter.kill()
            counter.wait_for("ready", 30)
    counter.finish()
    counter.wait_for("finished", 60)
    counter.end()

    assert {told.outcome for told in counter.told.values()} <= {"unclaimed", "queued"}
    assert sorted(counter.told) == list(range(CARDS))
    assert set(Scan.objects.values_list("id", "outcome")) == {(one, "unclaimed") for one in counter.ids().values()}
    assert Visit.objects.count() == Visit.objects.values("subject_id").distinct().count() == CARDS
