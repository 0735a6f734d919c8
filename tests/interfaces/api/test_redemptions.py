"""POST /api/v1/redemptions and what undoes it."""

from datetime import timedelta

from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import demand_levels
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import coffee_card, collects, offered, owner_of, takes
from tests.world import kahvila_kaisa, kuntosali_kunto


def _full_card(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    takes(aino, offered(place, needed=3))
    collects(aino, place, 2, since=now() - timedelta(hours=3))
    api = api_of(place)
    scan = {"id": str(new_id()), "code": taps.code_of(aino, at=now())}
    [answer] = api.scan(scan).json()["scans"]
    return api, answer


def test_a_tap_shows_the_stamps_and_a_redemption_spends_them(api_of):
    api, answer = _full_card(api_of)
    full = {"name": "Coffee card", "reward": "A coffee", "balance": 3, "needed": 3, "can_redeem": True}
    assert answer["stamps"] == full
    redemption = {"id": str(new_id()), "visit_id": answer["visit_id"]}
    response = api.post("/redemptions", redemption)
    assert (response.status_code, response.json()) == (200, full | {"balance": 0, "can_redeem": False})
    assert response["Cache-Control"] == "no-store"
    assert api.post("/redemptions", redemption).content == response.content


def test_a_tap_says_what_to_show_before_the_reward_and_then_no_more(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    owner = owner_of(place)
    takes(aino, coffee_card(owner, needed=1))
    demand_levels(identify="uid", redeem="rotating", by=owner, at=now())
    api = api_of(place)
    codes = [card_number(aino), taps.code_of(aino, at=now())]
    answers = [api.scan({"id": str(new_id()), "code": code}).json()["scans"][0] for code in codes]
    assert [answer["redeem_with"] for answer in answers] == ["rotating", None]
    assert [answer["stamps"]["can_redeem"] for answer in answers] == [True, True]
    redemption = {"id": str(new_id()), "visit_id": answers[0]["visit_id"]}
    assert api.post("/redemptions", redemption).status_code == 200


def test_a_redemption_can_be_undone(api_of):
    api, answer = _full_card(api_of)
    redemption = {"id": str(new_id()), "visit_id": answer["visit_id"]}
    api.post("/redemptions", redemption)
    undone = api.post("/reversals", {"redemption_id": redemption["id"]})
    assert (undone.status_code, undone.json()["balance"]) == (200, 3)


def test_whoever_has_no_card_in_use_has_no_stamps(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    api = api_of(place)
    [answer] = api.scan({"id": str(new_id()), "code": taps.code_of(aino, at=now())}).json()["scans"]
    assert answer["stamps"] is None
    refused = api.post("/redemptions", {"id": str(new_id()), "visit_id": answer["visit_id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_card_in_use")


def test_the_second_redemption_is_a_conflict(api_of):
    api, answer = _full_card(api_of)
    answers = [api.post("/redemptions", {"id": str(new_id()), "visit_id": answer["visit_id"]}) for _ in range(2)]
    assert [(each.status_code, each.json().get("code")) for each in answers] == [(200, None), (409, "too_few_stamps")]


def test_another_third_party_finds_neither_the_visit_nor_the_redemption(api_of):
    api, answer = _full_card(api_of)
    gym = api_of(kuntosali_kunto())
    redemption = {"id": str(new_id()), "visit_id": answer["visit_id"]}
    nobody = {"id": str(new_id()), "visit_id": str(new_id())}
    foreign, unknown = gym.post("/redemptions", redemption), gym.post("/redemptions", nobody)
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    api.post("/redemptions", redemption)
    assert gym.post("/reversals", {"redemption_id": redemption["id"]}).status_code == 404
