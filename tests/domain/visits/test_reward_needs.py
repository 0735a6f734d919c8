"""The answer to a scan says what has to be shown before a reward, so that nobody is offered what is then refused."""

import pytest

from kliento.domain.cards.queries import card_number
from kliento.domain.programmes.queries import programme_by
from kliento.domain.recipients.actions import demand_levels
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.visits.actions import redeem_at_till
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import id_at, new_id
from tests import taps
from tests.blanks import blank_card, shown
from tests.media import STICKER, held, sticker
from tests.programmes import coffee_card, owner_of, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa


@pytest.fixture
def kaisa(db):
    """A coffee for each visit, handed out for the phone's code alone. The till learnt its own terms before that."""
    place = kahvila_kaisa()
    owner = owner_of(place)
    coffee_card(owner, needed=1)
    demand_levels(identify="uid", redeem="rotating", by=owner, at=NOON)
    return place


@pytest.fixture
def aino(kaisa):
    """Aino with a sticker and the coffee card in use."""
    person = takes(taps.aino(), programme_by(kaisa.third_party_id))
    sticker(person)
    return person


def is_refused(result, kaisa, *, at=NOON) -> bool:
    try:
        redeem_at_till(result.visit_id, new_id(), by=terminal_actor(kaisa.secret), at=at)
    except Conflict:
        return True
    return False


def test_a_card_that_is_not_enough_says_what_is_and_the_surer_one_says_nothing_more(kaisa, aino):
    for code in (STICKER, card_number(aino)):
        weak = held(code, kaisa)
        assert (weak.stamps.can_redeem, weak.redeem_with) == (True, "rotating")
        assert is_refused(weak, kaisa)
    sure = held(taps.code_of(aino), kaisa)
    assert (sure.visit_id, sure.redeem_with) == (weak.visit_id, "")
    assert held(STICKER, kaisa, at=later(minutes=1)).redeem_with == "", "the phone was shown in this visit"
    assert not is_refused(sure, kaisa)


def test_a_repeat_knows_what_was_shown_meanwhile(kaisa, aino):
    weak = taps.scan(STICKER, scan_id=id_at(NOON))
    assert [taps.record([weak], kaisa)[0].redeem_with for _ in range(2)] == ["rotating", "rotating"]
    held(taps.code_of(aino), kaisa)
    assert taps.record([weak], kaisa)[0].redeem_with == ""


def test_what_is_shown_later_in_the_same_batch_counts_for_all_of_it(kaisa, aino):
    both = [taps.scan(STICKER), taps.scan(taps.code_of(aino), occurred_at=later(seconds=1))]
    assert [one.redeem_with for one in taps.record(both, kaisa, at=later(seconds=2))] == ["", ""]


def test_what_is_asked_is_what_holds_now(kaisa, aino):
    demand_levels(identify="uid", redeem="static", by=owner_of(kaisa, "toinen@example.fi"), at=NOON)
    assert held(STICKER, kaisa).redeem_with == "static"
    assert held(card_number(aino), kaisa).redeem_with == ""


def test_a_card_without_an_account_says_so_and_again(kaisa):
    number = blank_card()
    result = shown(number, kaisa)
    assert (result.stamps.can_redeem, result.redeem_with) == (True, "rotating")
    again = taps.scan(number, occurred_at=later(minutes=1))
    assert [taps.record([again], kaisa, at=later(minutes=1))[0].redeem_with for _ in range(2)] == ["rotating"] * 2


def test_whoever_has_no_card_in_use_is_asked_for_nothing(kaisa):
    eino = taps.cardholder("eino@example.fi", "Eino")
    result = held(card_number(eino), kaisa)
    assert (result.stamps, result.redeem_with) == (None, "")


def test_whose_data_is_restricted_meanwhile_reads_like_no_card_in_use(kaisa, aino):
    weak = taps.scan(STICKER, scan_id=id_at(NOON))
    taps.record([weak], kaisa)
    taps.restricted(aino)
    [again] = taps.record([weak], kaisa)
    assert (again.stamps, again.redeem_with) == (None, "")
