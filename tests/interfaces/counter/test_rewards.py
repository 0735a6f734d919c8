"""Stamps, rewards and undoing at the counter, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from kliento.domain.recipients.actions import demand_levels
from kliento.domain.visits.models import Visit
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.media import STICKER, sticker
from tests.phone import text_of
from tests.programmes import coffee_card, collects, movements, offered, owner_of, takes
from tests.world import Place


@pytest.fixture
def aino(kaisa: Place) -> PersonActor:
    """Aino, whose card has two of three stamps."""
    programme = offered(kaisa, at=now() - timedelta(days=2))
    person = takes(taps.aino(at=now() - timedelta(days=2)), programme, at=now() - timedelta(days=2))
    collects(person, kaisa, 2, since=now() - timedelta(days=1))
    return person


def scans(till: Client, who: PersonActor) -> str:
    return text_of(till.post("/counter/", {"code": taps.code_of(who, at=now())}))


def button(page: str, action: str) -> dict[str, str]:
    """What the form with this action sends."""
    [form] = re.findall(rf'<form method="post" action="/counter/{action}".*?</form>', page, re.S)
    return dict(re.findall(r'name="(\w+_id)" value="([^"]+)"', form))


def test_the_third_stamp_offers_the_reward_and_redeeming_spends_it(till: Client, aino: PersonActor) -> None:
    page = scans(till, aino)
    assert "Reward ready · 3 stamps" in page
    assert "A coffee: redeem" in page

    answer = text_of(till.post("/counter/redeem", button(page, "redeem")))
    assert "Redeemed: A coffee" in answer
    assert "0 of 3 stamps" in answer
    assert movements(aino)[-1] == ("redeemed", -3, 0)


def test_sent_twice_it_is_one_redemption(till: Client, aino: PersonActor) -> None:
    sent = button(scans(till, aino), "redeem")
    first, second = (text_of(till.post("/counter/redeem", sent)) for _ in range(2))
    assert "Redeemed: A coffee" in first
    assert "Redeemed: A coffee" in second
    assert [kind for kind, _, _ in movements(aino)].count("redeemed") == 1


def test_a_second_redemption_is_told_in_a_sentence(till: Client, aino: PersonActor) -> None:
    sent = button(scans(till, aino), "redeem")
    till.post("/counter/redeem", sent)
    answer = text_of(till.post("/counter/redeem", sent | {"redemption_id": str(new_id())}))
    assert "Not enough stamps" in answer
    assert "may have been redeemed at another till" in answer


def test_a_redemption_is_undone_from_its_answer_or_from_the_waiting_till(till: Client, aino: PersonActor) -> None:
    page = text_of(till.post("/counter/redeem", button(scans(till, aino), "redeem")))
    waiting = text_of(till.get("/counter/"))
    assert "Undo: A coffee" in waiting
    assert button(page, "undo") == button(waiting, "undo")

    answer = text_of(till.post("/counter/undo", button(waiting, "undo")))
    assert "Undone: A coffee" in answer
    assert "Reward ready · 3 stamps" in answer
    assert "Undo: A coffee" not in text_of(till.get("/counter/"))
    assert "Undone: A coffee" in text_of(till.post("/counter/undo", button(page, "undo")))


def test_nobody_is_offered_what_is_not_reached_or_not_in_use(till: Client, kaisa: Place) -> None:
    person = takes(taps.aino(at=now()), offered(kaisa, at=now()), at=now())
    page = scans(till, person)
    assert "1 of 3 stamps" in page
    assert "redeem" not in page


@pytest.mark.parametrize("sent", [{}, {"visit_id": "x", "redemption_id": "y"}, {"visit_id": str(new_id()), "x": "y"}])
def test_what_no_button_sends_is_refused(sent: dict[str, str], till: Client) -> None:
    assert till.post("/counter/redeem", sent).status_code == 400
    assert till.get("/counter/redeem").status_code == 405


def test_a_visit_that_is_none_here_asks_for_another_scan(till: Client) -> None:
    answer = till.post("/counter/redeem", {"visit_id": str(new_id()), "redemption_id": str(new_id())})
    assert "Scan the card again" in text_of(answer)


def test_the_surer_card_of_the_same_visit_is_offered_the_reward(till: Client, kaisa: Place) -> None:
    owner = owner_of(kaisa)
    aino = takes(taps.aino(at=now()), coffee_card(owner, needed=1, at=now()), at=now())
    sticker(aino)
    demand_levels(identify="uid", redeem="rotating", by=owner, at=now())
    assert "/counter/redeem" not in text_of(till.post("/counter/", {"code": STICKER}))
    page = scans(till, aino)
    assert "To redeem it" not in page
    assert "Redeemed: A coffee" in text_of(till.post("/counter/redeem", button(page, "redeem")))


@pytest.mark.parametrize(("redeem", "way_out"), [("static", "or the printed card"), ("rotating", "customer’s phone.")])
def test_a_card_that_is_not_enough_is_told_what_is(till: Client, kaisa: Place, redeem: str, way_out: str) -> None:
    owner = owner_of(kaisa)
    aino = takes(taps.aino(at=now()), coffee_card(owner, needed=1, at=now()), at=now())
    sticker(aino)
    demand_levels(identify="uid", redeem=redeem, by=owner, at=now())
    page = text_of(till.post("/counter/", {"code": STICKER}))
    assert "Reward ready" in page
    assert "To redeem it, ask for the code" in page
    assert way_out in page
    assert 'data-stays="15"' in page, "there is something to read and to do"
    assert "/counter/redeem" not in page, "nothing is offered that is refused then"
    pressed = {"visit_id": str(Visit.objects.get().id), "redemption_id": str(new_id())}
    answer = text_of(till.post("/counter/redeem", pressed))
    assert "This card is not enough for a reward" in answer
    assert way_out in answer
    demand_levels(identify=redeem, redeem=redeem, by=owner, at=now())
    answer = text_of(till.post("/counter/", {"code": STICKER}))
    assert "This card is not enough here" in answer
    assert way_out in answer
