"""What the page before a claim says that the card brings: what counts, of every company, in few statements."""

from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from kliento.domain.claiming.actions import give_claim_code, purge_unregistered
from kliento.domain.claiming.queries import BroughtFrom, what_it_brings
from kliento.domain.visits.actions import cancel_visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests import programmes, taps
from tests.blanks import blank_card, code_for, shown
from tests.phone import phone_of, text_of
from tests.world import Place, kahvila_kaisa, kuntosali_kunto, place

pytestmark = pytest.mark.usefixtures("db")


def brought(code: str, by: PersonActor, *, at: datetime) -> dict[object, BroughtFrom]:
    """What it brings, by company."""
    found = what_it_brings(code, by=by, at=at)
    assert found is not None
    return {one.third_party_id: one for one in found.places}


def test_a_visit_that_was_undone_at_the_till_is_not_counted():
    at = now() - timedelta(hours=1)
    kaisa, kunto, aino = kahvila_kaisa(at=at), kuntosali_kunto(at=at), taps.cardholder(at=at)
    number = blank_card(at=at)
    cancel_visit(shown(number, kunto, at=at).id, by=kunto.terminal, at=at)
    cancel_visit(shown(number, kaisa, at=at).id, by=kaisa.terminal, at=at)
    later = at + timedelta(minutes=30)
    code = code_for(number, kaisa, at=later)
    there = brought(code, aino, at=later)
    assert [there[one.third_party_id].visits for one in (kaisa, kunto)] == [1, 0]
    assert there[kaisa.third_party_id].first_at == later
    seen = text_of(phone_of(aino).post("/me/claim", {"code": code}))
    assert "1 visit ·" in seen
    assert "No visit that counts" in seen


def test_stamps_of_visits_that_are_forgotten_are_named_too():
    at = now() - timedelta(days=120)
    kaisa, kunto, aino = kahvila_kaisa(at=at), kuntosali_kunto(at=at), taps.cardholder(at=at)
    programmes.coffee_card(programmes.owner_of(kaisa), at=at)
    shown(number := blank_card(at=at), kaisa, at=at)
    purge_unregistered(at=now())
    there = brought(code_for(number, kunto, at=now()), aino, at=now())
    left = there[kaisa.third_party_id]
    assert left.stamps is not None
    assert (left.visits, left.first_at, left.stamps.balance) == (0, None, 1)
    assert localdate(there[kunto.third_party_id].last_at) == localdate(now())


def shops() -> list[Place]:
    """Four that collect stamps."""
    found = [
        kahvila_kaisa(),
        kuntosali_kunto(),
        place("Kirja", "0737546-2", "Turku"),
        place("Kukka", "0112038-9", "Ii"),
    ]
    for number, shop in enumerate(found):
        programmes.coffee_card(programmes.owner_of(shop, f"owner{number}@example.fi"))
    return found


def statements(code: str, by: PersonActor) -> int:
    """Of asking what it brings."""
    captures = [CaptureQueriesContext(connections[alias]) for alias in ("default", "keys")]
    with captures[0], captures[1]:
        what_it_brings(code, by=by, at=taps.later(hours=3))
    return sum(len(capture) for capture in captures)


def test_as_many_statements_for_many_companies_as_for_one():
    all_of_them, aino = shops(), taps.aino()
    codes = []
    for shown_at in (all_of_them[:1], all_of_them):
        number = blank_card()
        for minutes, shop in enumerate(shown_at):
            last = shown(number, shop, at=taps.later(minutes=minutes))
        assert last.visit_id is not None
        codes.append(give_claim_code(last.visit_id, by=shown_at[-1].terminal, at=taps.later(minutes=9)).code)
    for minutes, shop in enumerate(all_of_them):
        taps.tap(aino, shop, at=taps.later(minutes=minutes))
    few, many = (statements(code, aino) for code in codes)
    assert len(brought(codes[1], aino, at=taps.later(hours=3))) == 4
    assert many == few
