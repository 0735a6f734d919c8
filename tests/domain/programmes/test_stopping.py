"""Stopping a company: its card goes out of use and every grant ends, or nothing does."""

import pytest

from kliento.domain.programmes.actions import stop_company
from kliento.domain.programmes.queries import loyalty_cards_of
from kliento.domain.sharing import actions as sharing
from tests import taps
from tests.programmes import offered, takes
from tests.world import NOON, kahvila_kaisa, relation_of


def how_it_stands(me, place) -> tuple[list[bool], set[str]]:
    cards = [card.is_in_use for card in loyalty_cards_of(me.person_id, at=NOON)]
    return cards, {grant.field for grant in relation_of(me, place).grants}


@pytest.fixture
def known(db):
    place, me = kahvila_kaisa(), taps.aino()
    takes(me, offered(place))
    taps.share(me, place, "first_name")
    return me, place


def test_it_ends_the_card_and_every_grant(known):
    me, place = known
    stop_company(me.person_id, place.third_party_id, by=me, at=NOON)
    assert how_it_stands(me, place) == ([False], set())


def test_a_crash_in_between_ends_neither(known, monkeypatch):
    me, place = known
    before = how_it_stands(me, place)

    def crash(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(sharing, "stop_company", crash)
    with pytest.raises(RuntimeError):
        stop_company(me.person_id, place.third_party_id, by=me, at=NOON)
    assert how_it_stands(me, place) == before
    assert before[0] == [True]
