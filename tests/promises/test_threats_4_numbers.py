"""T-4, what there is to guess: 65 random bits, and nothing in an answer or on the till's screen that says how near."""

import json
import random
import re

from django.test import Client

from kliento.domain.cards import rules
from kliento.domain.cards.queries import card_number
from kliento.kernel import crockford
from kliento.kernel.ids import new_id
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.promises.test_threats_4_guessing import _guesses
from tests.world import kahvila_kaisa


def test_threat_4_a_number_is_thirteen_symbols_any_of_which_can_be_any() -> None:
    numbers = [rules.new_number() for _ in range(4000)]
    assert len(set(numbers)) == len(numbers)
    bodies = [number[2:-1] for number in numbers]
    assert {len(body) for body in bodies} == {13}
    assert [set(column) for column in zip(*bodies, strict=True)] == [set(crockford.ALPHABET)] * 13
    half = [sum(symbol < "G" for symbol in body) for body in bodies]  # sixteen of the 32
    assert 6.3 < sum(half) / len(half) < 6.7
    assert all(rules.is_number(number) for number in numbers[:100])


def test_threat_4_every_guess_is_answered_to_the_byte_alike(db) -> None:
    place, aino = kahvila_kaisa(), taps.aino()
    scan_id, answers = str(new_id()), set()
    for guess in _guesses(aino, random.Random(7)):
        scan = {"id": str(new_id()), "code": guess}
        headers = {"Authorization": f"Bearer {place.secret}"}
        sent = json.dumps({"scans": [scan]})
        answer = Client().post("/api/v1/scans", sent, content_type="application/json", headers=headers)
        told = {name: text for name, text in answer.items() if name not in {"X-Request-Id", "Date"}}
        answers.add(
            (answer.status_code, answer.content.decode().replace(scan["id"], scan_id), str(sorted(told.items())))
        )
    assert len(answers) == 1


def test_threat_4_the_till_shows_the_same_screen_for_every_number_that_is_nobodys(db) -> None:
    till, chance, screens = paired(kahvila_kaisa()), random.Random(8), set()
    near = card_number(taps.aino())
    for _ in range(20):
        symbols = list(near[2:-1])
        symbols[chance.randrange(13)] = chance.choice(crockford.ALPHABET)
        number = f"K1{''.join(symbols)}{crockford.check_symbol(''.join(symbols))}"
        if number != near:
            page = till.post("/counter/", {"code": number, "scan_id": str(new_id())}).content.decode()
            screens.add(re.sub(r'value="[^"]*"', "", page))
    assert len(screens) == 1
    assert "Not a Kliento code" in screens.pop()
