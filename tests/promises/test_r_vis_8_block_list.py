"""R-VIS-8: a till without a network refuses a blocked and a restricted person's card alike, by the same list."""

import hashlib
import hmac
from base64 import b32decode, b64decode

import pytest
from django.test import Client

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number
from kliento.kernel.clock import now
from tests import taps
from tests.world import kahvila_kaisa


def _blocked(address: str):
    person = taps.cardholder(address)
    person_codes = (card_number(person), taps.code_of(person, at=now()))
    for medium in Medium.objects.filter(card__person=person.person_id):
        block_medium(person.person_id, medium.id, by=person, at=now())
    return person_codes


def _restricted(address: str):
    person = taps.restricted(taps.cardholder(address))
    return card_number(person), taps.code_of(person, at=now())


def _digest(code: str) -> bytes:
    if not code.startswith("K2."):
        return hashlib.sha256(code.encode()).digest()
    token = code.split(".")[2]
    return hashlib.sha256(b32decode(token + "=" * (-len(token) % 8))).digest()


@pytest.mark.parametrize("which", [0, 1], ids=["number", "rotating code"])
def test_blocked_and_restricted_stand_on_the_list_and_nobody_else(db, which):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    refused = [_blocked("somebody@example.fi")[which], _restricted("eino@example.fi")[which]]
    document = Client().get("/api/v1/block-list", headers={"Authorization": f"Bearer {kaisa.secret}"}).json()
    raw, key = b64decode(document["entries"]), b64decode(document["list_key"])
    listed = {raw[start : start + 10] for start in range(0, len(raw), 10)}
    fine = (card_number(aino), taps.code_of(aino, at=now()))[which]
    assert [hmac.digest(key, _digest(code), "sha256")[:10] in listed for code in (*refused, fine)] == [
        True,
        True,
        False,
    ]
