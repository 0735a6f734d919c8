"""R-VIS-3: for other third parties a visit and its member do not exist: 404, never 403."""

import json

import pytest

from kliento.domain.programmes.queries import stamps_at
from kliento.domain.sharing.queries import relationship_by_number
from kliento.kernel.clock import now
from kliento.kernel.errors import NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import offered, takes
from tests.world import kahvila_kaisa, kuntosali_kunto, relation_of

ASKED = {"fields": "first_name", "purpose": "serving"}


def _get(client, place, number: str):
    return client.get(f"/api/v1/members/{number}", ASKED, headers={"Authorization": f"Bearer {place.secret}"})


def test_the_own_shop_may_ask_and_every_other_finds_nothing(db, client):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    taps.share(aino, place, "first_name")
    number = taps.tap(aino, place, at=now()).member_number
    assert _get(client, place, number).status_code == 200
    foreign, nobody = _get(client, gym, number), _get(client, gym, "00000000")
    assert (foreign.status_code, foreign.content) == (404, nobody.content)


def test_a_refused_question_is_403_at_home_and_still_404_elsewhere(db, client):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    number = taps.tap(aino, place, at=now()).member_number
    assert _get(client, place, number).status_code == 403
    assert _get(client, gym, number).status_code == 404


def test_a_number_leads_to_its_own_relationship_alone(db):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    number = taps.tap(aino, place).member_number
    assert relationship_by_number(place.third_party_id, number).subject_id == aino.person_id
    with pytest.raises(NotFound):
        relationship_by_number(gym.third_party_id, number)


def test_a_code_used_at_one_shop_tells_another_nothing_of_it(db):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    code = taps.code_of(aino)
    taps.record([taps.scan(code)], place)
    elsewhere = taps.record([taps.scan(code, occurred_at=taps.later(seconds=1))], gym, at=taps.later(seconds=1))[0]
    assert (elsewhere.first_at, elsewhere.visit_id, elsewhere.member_number, elsewhere.values) == (None, None, None, {})


def test_a_visit_can_be_rewarded_at_home_alone_and_elsewhere_it_does_not_exist(db, client):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    takes(aino, offered(place, needed=1))
    visit = taps.tap(aino, place, at=now())

    def redeemed(by, visit_id):
        body = json.dumps({"id": str(new_id()), "visit_id": str(visit_id)})
        headers = {"Authorization": f"Bearer {by.secret}"}
        return client.post("/api/v1/redemptions", body, content_type="application/json", headers=headers)

    foreign, nobody = redeemed(gym, visit.visit_id), redeemed(gym, new_id())
    assert (foreign.status_code, foreign.content) == (404, nobody.content)
    assert redeemed(place, visit.visit_id).status_code == 200


def test_a_shop_learns_nothing_of_the_stamps_of_another(db):
    place, gym, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    takes(aino, offered(place))
    assert taps.tap(aino, place).stamps is not None
    assert taps.tap(aino, gym, at=taps.later(minutes=1)).stamps is None
    assert stamps_at([relation_of(aino, gym).relationship_id], at=now()) == {}
