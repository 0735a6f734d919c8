"""T-4, guessing card numbers: 65 random bits, one answer for every guess, and a limit for each terminal."""

import json
import random
from datetime import timedelta

from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.cards import rules
from kliento.domain.cards.queries import card_number, code_keys
from kliento.domain.visits.rules import Outcome
from kliento.kernel import crockford
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.world import NOON, kahvila_kaisa


def _neighbour(number: str, chance: random.Random) -> str:
    """A number that differs in one symbol and has the right check symbol."""
    symbols = list(number[2:-1])
    place = chance.randrange(len(symbols))
    symbols[place] = chance.choice(crockford.ALPHABET.replace(symbols[place], ""))
    return f"K1{''.join(symbols)}{crockford.check_symbol(''.join(symbols))}"


def _guesses(person, chance: random.Random) -> list[str]:
    """Everything somebody could try: numbers, near misses, nonsense, codes with foreign keys, codes made over."""
    number, code = card_number(person), taps.code_of(person)
    head, slot, token, signature = code.split(".")
    foreign = rules.CodeKeys(token=chance.randbytes(32), signing=chance.randbytes(32))
    unissued = rules.rotating_code(chance.getrandbits(63), rules.slot_at(NOON), keys=code_keys())
    return [
        rules.new_number(),
        _neighbour(number, chance),
        number[:-1],
        number[:-1] + chance.choice(crockford.ALPHABET.replace(number[-1], "")),
        rules.rotating_code(chance.getrandbits(63), rules.slot_at(NOON), keys=foreign),
        unissued,
        f"{head}.{slot}.{token}.{signature[::-1]}",
        f"{head}.{slot}.{token[::-1]}.{signature}",
        "",
        str(chance.getrandbits(40)),
    ]


def test_threat_4_ten_thousand_guesses_find_nobody(db):
    place, aino = kahvila_kaisa(), taps.aino()
    chance = random.Random(4)
    judged = 0
    outcomes = set()
    for minute in range(334):
        at = NOON + timedelta(minutes=1, seconds=61 * minute)
        batch = [guess for _ in range(3) for guess in _guesses(aino, chance)]
        results = taps.record([taps.scan(code, occurred_at=at) for code in batch], place, at=at)
        outcomes |= {(one.outcome, one.member_number, one.visit_id, one.first_at, str(one.values)) for one in results}
        judged += len(results)
    assert judged > 10_000
    assert outcomes == {(Outcome.UNKNOWN, None, None, None, "{}")}


def test_threat_4_every_guess_costs_the_same_statements(db):
    place, aino = kahvila_kaisa(), taps.aino()
    work = set()
    for guess in _guesses(aino, random.Random(5)):
        with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
            taps.record([taps.scan(guess)], place)
        work.add(tuple(query["sql"].partition("(")[0] for query in [*main, *keys]))
    assert len(work) == 1


def test_threat_4_a_terminal_that_guesses_is_stopped_for_everything_alike(db, client):
    place, aino = kahvila_kaisa(), taps.aino()

    def send(code: str):
        scan = {"id": str(new_id()), "code": code}
        return client.post(
            "/api/v1/scans",
            json.dumps({"scans": [scan]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {place.secret}"},
        )

    assert [send(rules.new_number()).status_code for _ in range(30)] == [200] * 30
    guess, card = send(rules.new_number()), send(taps.code_of(aino, at=now()))
    assert (guess.status_code, card.status_code) == (429, 429)
    assert guess.content == card.content
    assert int(card["Retry-After"]) > 0


def test_threat_4_a_minute_later_the_till_serves_again(db):
    place, aino = kahvila_kaisa(), taps.aino()
    taps.record([taps.scan(rules.new_number()) for _ in range(40)], place)
    soon, later = taps.later(seconds=59), taps.later(seconds=61)
    assert taps.tap(aino, place, at=soon).outcome is Outcome.TRY_LATER
    assert taps.tap(aino, place, at=later).outcome is Outcome.IDENTIFIED


def test_threat_4_one_large_request_is_no_way_around_the_limit(db):
    place, aino = kahvila_kaisa(), taps.aino()
    guesses = [taps.scan(rules.new_number()) for _ in range(499)]
    card = taps.scan(taps.code_of(aino), occurred_at=taps.later(seconds=1))
    outcomes = [result.outcome for result in taps.record([*guesses, card], place, at=taps.later(seconds=2))]
    assert outcomes.count(Outcome.UNKNOWN) == 30
    assert outcomes.count(Outcome.TRY_LATER) == 470
    assert outcomes[-1] is Outcome.TRY_LATER
