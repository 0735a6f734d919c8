"""Typing a card number on a till without a keyboard, and without JavaScript."""

import re

import pytest

from kliento.domain.cards.queries import card_number
from kliento.domain.cards.rules import is_number, new_number
from tests import taps
from tests.phone import text_of


def typed(response) -> str:
    found = re.search(r'name="code" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def press(till, keys: str):
    response = till.get("/counter/keypad")
    for key in keys:
        response = till.post("/counter/keypad", {"code": typed(response), "key": key})
        assert response.status_code == 200
    return response


def test_every_symbol_has_a_key_and_each_key_types_one(till):
    page = till.get("/counter/keypad").content.decode()
    keys = re.findall(r'name="key" value="([^"]+)"', page)
    assert "".join(keys) == "0123456789ABCDEFGHJKMNPQRSTVWXYZback"
    assert typed(press(till, "7KX2")) == "K17K X2"


def test_the_last_one_is_deleted(till):
    response = till.post("/counter/keypad", {"code": "K17K X2", "key": "back"})
    assert typed(response) == "K17K X"
    assert typed(till.post("/counter/keypad", {"code": "", "key": "back"})) == ""


def test_a_number_typed_key_by_key_finds_the_card(till):
    number = card_number(taps.aino())
    response = press(till, number[2:])
    scan_id = re.search(r'name="scan_id" value="([^"]+)"', response.content.decode())
    answer = till.post("/counter/", {"code": typed(response), "scan_id": scan_id[1], "key": ""})
    assert answer.status_code == 400  # a key belongs to the keys alone
    assert "Welcome" in text_of(till.post("/counter/", {"code": typed(response), "scan_id": scan_id[1]}))


@pytest.mark.parametrize("swap", ["O0", "I1", "L1", "UV", "o0", "l1", "i1", "uv"])
def test_look_alikes_are_read_as_meant(till, swap: str):
    meant, aino = swap[1].upper(), taps.aino()
    number = card_number(aino)
    if meant not in number[2:]:
        number = next(each for each in iter(new_number, "") if meant in each[2:])
    written = number[:2] + number[2:].replace(meant, swap[0])
    answer = till.post("/counter/", {"code": written})
    assert answer.status_code == 200
    assert is_number(number)


def test_what_is_no_number_goes_as_it_stands(till):
    assert "Not a Kliento code" in text_of(till.post("/counter/", {"code": "04A2U4C2D5E680"}))


def test_keys_take_nothing_else(till):
    assert till.post("/counter/keypad", {"code": "K1", "key": "7", "member": "1"}).status_code == 400
    assert typed(till.post("/counter/keypad", {"code": "K1", "key": "<b>"})) == "K1"
