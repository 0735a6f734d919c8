"""A till that somebody disconnected: it hands in what it had, says so, and learns nothing more."""

from datetime import timedelta

import pytest

from kliento.domain.recipients.actions import revoke_terminal
from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from tests import taps
from tests.interfaces.counter.test_handing_in import hand_in, waiting
from tests.interfaces.counter.test_places import pair, second_place
from tests.world import REGISTER_HOLDER


@pytest.fixture
def aino(kaisa):
    return taps.aino(at=now() - timedelta(days=1))


def revoke(name="Kassa 2", *, at=None):
    revoke_terminal(Terminal.objects.get(name=name).id, by=REGISTER_HOLDER, at=at or now())


def entry(aino, *, minutes):
    at = now() - timedelta(minutes=minutes)
    return waiting(taps.code_of(aino, at=at), at=at)


def test_what_it_had_is_taken_in_and_what_came_later_is_refused(till, aino):
    before, after = entry(aino, minutes=30), entry(aino, minutes=5)
    revoke(at=now() - timedelta(minutes=10))
    assert hand_in(till, before, after) == [(before["id"], "received"), (after["id"], "invalid")]
    assert [str(visit.scan_id) for visit in Visit.objects.all()] == [before["id"]]


def test_scans_that_all_came_later_are_refused_one_by_one(till, aino):
    after = entry(aino, minutes=5)
    revoke(at=now() - timedelta(minutes=10))
    assert hand_in(till, after) == [(after["id"], "invalid")]
    assert not Scan.objects.exists()


def test_it_is_told_that_it_is_disconnected_and_nothing_else(till, aino):
    revoke()
    for _ in range(2):
        assert set(till.get("/counter/state").json()) == {"at", "disconnected", "token"}
        assert till.get("/counter/block-list").status_code == 302
        response = till.get("/counter/", follow=True)
        assert "This till was disconnected." in response.text
        assert "data-former data-state" in response.text
    before = entry(aino, minutes=5)
    assert hand_in(till, before) == [(before["id"], "received")]


def test_a_browser_that_never_was_a_till_is_led_to_pairing(client, kaisa):
    for response in (client.get("/counter/state"), client.post("/counter/scans", {"scans": "[]"})):
        assert (response.status_code, response["Location"]) == (302, "/counter/pair")


def test_of_several_places_one_is_disconnected_and_each_hands_in_its_own(till, kaisa, aino):
    other = second_place(kaisa)
    pair(till, other.id, "Kassa P")
    here, there = entry(aino, minutes=40), entry(aino, minutes=20)
    revoke("Kassa 2")
    assert hand_in(till, here, premises_id=kaisa.premises_id) == [(here["id"], "received")]
    assert hand_in(till, there) == [(there["id"], "identified")]
    assert till.get("/counter/state").json()["premises_id"] == str(other.id)
    assert set(Visit.objects.values_list("premises_id", flat=True)) == {kaisa.premises_id, other.id}


def test_a_place_where_it_never_stood_is_not_found(till, kaisa, aino):
    response = till.post("/counter/scans", {"scans": "[]", "premises_id": str(second_place(kaisa).id)})
    assert response.status_code == 404


def test_the_till_that_took_its_place_hands_in_the_rest(till, kaisa, aino):
    before = entry(aino, minutes=5)
    revoke()
    till.get("/counter/")
    pair(till, kaisa.premises_id, "Kassa 3")
    assert "disconnected" not in till.get("/counter/state").json()
    assert hand_in(till, before, premises_id=kaisa.premises_id) == [(before["id"], "identified")]
