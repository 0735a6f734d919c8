"""R-REG-1: stamps that came with a card and cannot be had yet are not lost in silence: the person is told how."""

from datetime import timedelta

import pytest

from kliento.domain.claiming.actions import claim_card, give_claim_code
from kliento.domain.programmes.actions import put_out_of_use
from kliento.domain.programmes.queries import programme_by
from kliento.kernel.clock import now
from tests import programmes, taps
from tests.blanks import blank_card, code_for, shown
from tests.phone import phone_of, text_of
from tests.world import Place, kahvila_kaisa

pytestmark = pytest.mark.usefixtures("db")
TOLD = "2 stamps from your earlier card wait at Kahvila Kaisa. Take its loyalty card into use to have them."


def kaisa_who_asks_for_a_name() -> Place:
    """A coffee for two visits, whose card shows a first name once it is in use."""
    place = kahvila_kaisa(at=now())
    programmes.offered(place, needed=2, fields=("first_name",), at=now())
    return place


def test_what_waits_is_told_before_the_claim_and_after_it_until_it_can_be_had():
    at, kaisa = now(), kaisa_who_asks_for_a_name()
    aino = taps.cardholder(at=at)
    number = blank_card(at=at)
    shown(number, kaisa, at=at - timedelta(minutes=30))
    code, phone = code_for(number, kaisa, at=at), phone_of(aino)
    assert "The stamps wait until you take their loyalty card into use." in text_of(
        phone.post("/me/claim", {"code": code})
    )
    phone.post("/me/claim", {"code": code, "way": "beside"})
    for page in ("/me/", "/me/wallet", "/me/claims"):
        assert TOLD in text_of(phone.get(page)), page
    till = shown(number, kaisa, at=at)
    assert till.stamps is None  # nothing is offered that is refused then
    programmes.takes(aino, programme_by(kaisa.third_party_id), at=at)
    for page in ("/me/", "/me/wallet", "/me/claims"):
        assert "from your earlier card" not in text_of(phone.get(page)), page
    assert shown(number, kaisa, at=at).stamps.can_redeem


def test_a_loyalty_card_that_was_put_away_says_what_came_to_it():
    at, kaisa = now(), kahvila_kaisa(at=now())
    programme = programmes.offered(kaisa, at=at)
    aino = programmes.takes(taps.cardholder(at=at), programme, at=at)
    put_out_of_use(aino.person_id, programme.id, by=aino, at=at)
    result = shown(blank_card(at=at), kaisa, at=at)
    code = give_claim_code(result.visit_id, by=kaisa.terminal, at=at).code
    claim_card(code, by=aino, at=at)
    seen = text_of(phone_of(aino).get("/me/wallet"))
    assert "1 stamp from your earlier card waits at Kahvila Kaisa." in seen


def test_stamps_of_ones_own_that_wait_are_no_news():
    at, kaisa = now(), kahvila_kaisa(at=now())
    programme = programmes.offered(kaisa, at=at)
    aino = programmes.takes(taps.cardholder(at=at), programme, at=at)
    taps.tap(aino, kaisa, at=at)
    put_out_of_use(aino.person_id, programme.id, by=aino, at=at)
    assert "from your earlier card" not in text_of(phone_of(aino).get("/me/wallet"))
