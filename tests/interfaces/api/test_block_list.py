"""GET /api/v1/block-list."""

import hashlib
import hmac
from base64 import b32decode, b64decode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections
from django.test.utils import CaptureQueriesContext

from kliento.domain.cards.actions import block_medium, codes_for, use_again
from kliento.domain.cards.models import Medium
from kliento.domain.cards.queries import card_number, public_code_key
from kliento.domain.cards.rules import PREFETCHED_SLOTS, slot_at
from kliento.domain.recipients.models import Terminal
from kliento.kernel.clock import now
from tests import taps
from tests.world import kahvila_kaisa, kuntosali_kunto


def _block(person, kind: str) -> None:
    medium = Medium.objects.get(card__person=person.person_id, kind=kind, state="active")
    block_medium(person.person_id, medium.id, by=person, at=now())


def _digest(code: str) -> bytes:
    """As docs/api.md tells terminals to."""
    if code.startswith("K2."):
        return hashlib.sha256(_base32(code.split(".")[2])).digest()
    return hashlib.sha256(code.encode()).digest()


def _base32(text: str) -> bytes:
    return b32decode(text + "=" * (-len(text) % 8))


def _is_on(document: dict[str, str], code: str) -> bool:
    entries = b64decode(document["entries"])
    entry = hmac.digest(b64decode(document["list_key"]), _digest(code), "sha256")[:10]
    return entry in {entries[start : start + 10] for start in range(0, len(entries), 10)}


def _signed(document: dict[str, str]) -> bytes:
    lines = ("third_party_id", "made_at", "good_until", "entries")
    return "\n".join(["kliento-block-list-1", *(document[line] for line in lines)]).encode()


def test_a_blocked_number_is_on_the_list_and_its_successor_is_not(api_of):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    old = card_number(aino)
    _block(aino, "printed")
    document = api_of(kaisa).get("/block-list").json()
    assert _is_on(document, old)
    assert not _is_on(document, card_number(aino))


def test_the_codes_a_blocked_phone_may_have_fetched_are_on_the_list_until_they_are_over(api_of):
    kaisa, aino, at = kahvila_kaisa(), taps.aino(), now()
    codes = codes_for(aino, from_slot=slot_at(at), count=PREFETCHED_SLOTS)
    _block(aino, "phone")
    document = api_of(kaisa).get("/block-list").json()
    assert all(_is_on(document, code) for code in codes)
    phone = Medium.objects.get(card__person=aino.person_id, kind="phone")
    use_again(aino.person_id, phone.id, by=aino, at=now())
    assert not _is_on(api_of(kaisa).get("/block-list").json(), codes[0])


def test_the_list_is_signed_with_the_key_of_rotating_codes(api_of):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    _block(aino, "printed")
    document = api_of(kaisa).get("/block-list").json()
    key, signature = Ed25519PublicKey.from_public_bytes(public_code_key()), b64decode(document["signature"])
    key.verify(signature, _signed(document))
    for changed in ({"entries": ""}, {"good_until": "2099-01-01T00:00:00Z"}, {"third_party_id": "other"}):
        with pytest.raises(InvalidSignature):
            key.verify(signature, _signed(document | changed))


def test_a_terminal_that_has_the_newest_list_is_told_so(api_of):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    api = api_of(kaisa)
    tag = api.get("/block-list")["ETag"]
    api.send_also("If-None-Match", tag)
    again = api.get("/block-list")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    _block(aino, "printed")
    assert api.get("/block-list").status_code == 200


def test_it_is_noted_when_a_terminal_had_the_list_the_newest_one_included(api_of):
    kaisa = kahvila_kaisa()
    api, terminal = api_of(kaisa), Terminal.objects.filter(id=kaisa.terminal.terminal_id)
    api.send_also("If-None-Match", api.get("/block-list")["ETag"])
    first = terminal.get().list_handed_at
    api.get("/block-list")
    assert first is not None
    assert terminal.get().list_handed_at > first


def test_whoever_is_no_terminal_gets_no_list(api_of):
    kahvila_kaisa()
    assert api_of(None).get("/block-list").status_code == 401


def _statements(act) -> int:
    captures = [CaptureQueriesContext(connections[alias]) for alias in ("default", "keys")]
    with captures[0], captures[1]:
        act()
    return sum(len(capture) for capture in captures)


def test_a_list_of_many_takes_as_many_statements_as_a_list_of_one(api_of):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    _block(taps.aino(), "printed")
    of_one = _statements(lambda: api_of(kaisa).get("/block-list"))
    for number in range(5):
        _block(taps.cardholder(f"person{number}@example.fi"), "printed")
    assert _statements(lambda: api_of(kaisa).get("/block-list")) == of_one
    # Another third party's list is made of what is known by then.
    assert _statements(lambda: api_of(kunto).get("/block-list")) < of_one
