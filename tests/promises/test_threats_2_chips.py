"""Threat 2: what a till or a person can make a card of is a chip's number, and nothing everybody can type or scan."""

import pytest

from kliento.domain.cards.actions import use_as_card
from kliento.domain.cards.models import Card, Medium
from kliento.kernel.clock import now
from kliento.kernel.errors import Invalid
from tests import taps
from tests.interfaces.counter.tills import paired
from tests.media import STICKER
from tests.phone import phone_of, text_of
from tests.world import kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")
CHIPS = ["04A23B5C", STICKER, "0x04-B1-3B-5C-6D-7E-80-91-01-02", "04 a2 3b 5c"]
NONE = {
    "KAHVI": "hexadecimal",
    "BOBOFACE": "hexadecimal",  # looks like eight digits of a chip to whoever reads O as 0
    "1234": "hexadecimal",
    "3735928559": "hexadecimal",
    "6408430000135": "number of a product",
    "6408430000136": "hexadecimal",
    "96385074": "number of a product",
    "036000291452": "number of a product",
    "10012345678902": "number of a product",
    "924620001234567890": "hexadecimal",
    "K1NOTACARDATALL0": "hexadecimal",
    "08:11:22:33": "makes up a new number",
    "88A23B5C": "Only a part",
    "1FA23B5C": "Several cards",
}


@pytest.mark.parametrize("read", CHIPS)
def test_a_chip_can_be_a_card_at_a_till_and_on_ones_own_page(read):
    person = taps.cardholder(at=now())
    assert phone_of(person).post("/me/carriers/new", {"kind": "nfc", "code": read, "name": ""}).status_code == 302
    person_has = Medium.objects.get(kind="nfc")
    assert use_as_card(read, at=now()) == person_has.card_id  # the same chip, however it is written


@pytest.mark.parametrize(("read", "why"), NONE.items())
def test_what_is_no_chip_is_refused_at_both_in_the_same_words(read, why):
    person = taps.cardholder(at=now())
    answer = phone_of(person).post("/me/carriers/new", {"kind": "nfc", "code": read, "name": ""})
    assert answer.status_code == 400
    assert why in text_of(answer)
    till = paired(kahvila_kaisa(at=now()))
    shown = text_of(till.post("/counter/use-card", {"code": read}))
    assert "This cannot be used as a card" in shown
    assert why in shown
    with pytest.raises(Invalid):
        use_as_card(read, at=now())
    assert not Card.objects.filter(person=None).exists()


@pytest.mark.parametrize("read", ["6408430000135", "KAHVI"])
def test_a_till_does_not_offer_what_it_would_refuse(read):
    till = paired(kahvila_kaisa(at=now()))
    seen = text_of(till.post("/counter/", {"code": read}))
    assert "Not a Kliento code" in seen
    assert "use this card" not in seen
