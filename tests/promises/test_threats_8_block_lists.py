"""Threat 8: two third parties lay their block lists side by side, and nothing on one is on the other."""

from base64 import b64decode

from django.test import Client

from kliento.domain.cards.actions import block_medium
from kliento.domain.cards.models import Medium
from kliento.domain.cards.rules import ENTRY_BYTES
from kliento.kernel.clock import now
from tests import taps
from tests.world import kahvila_kaisa, kuntosali_kunto


def _list_of(place) -> dict[str, str]:
    return Client().get("/api/v1/block-list", headers={"Authorization": f"Bearer {place.secret}"}).json()


def _entries(document: dict[str, str]) -> set[bytes]:
    raw = b64decode(document["entries"])
    return {raw[start : start + ENTRY_BYTES] for start in range(0, len(raw), ENTRY_BYTES)}


def test_threat_8_no_entry_of_one_block_list_is_on_anothers(db):
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    for medium in Medium.objects.filter(card__person=aino.person_id):
        block_medium(aino.person_id, medium.id, by=aino, at=now())
    mine, theirs = _list_of(kaisa), _list_of(kunto)
    assert len(_entries(mine)) == len(_entries(theirs)) > 200
    assert not _entries(mine) & _entries(theirs)
    assert mine["list_key"] != theirs["list_key"]


def test_threat_8_entries_stand_by_their_value_so_their_order_tells_nothing(db):
    kaisa, kunto = kahvila_kaisa(), kuntosali_kunto()
    for number in range(20):
        person = taps.cardholder(f"person{number}@example.fi")
        medium = Medium.objects.get(card__person=person.person_id, kind="printed")
        block_medium(person.person_id, medium.id, by=person, at=now())
    for place in (kaisa, kunto):
        raw = b64decode(_list_of(place)["entries"])
        listed = [raw[start : start + ENTRY_BYTES] for start in range(0, len(raw), ENTRY_BYTES)]
        assert listed == sorted(listed)
        assert len(listed) == 20
