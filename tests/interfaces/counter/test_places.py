"""One device at several premises of a company."""

from kliento.domain.recipients.actions import add_premises, make_pairing_code, revoke_terminal
from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Visit
from kliento.kernel.clock import now
from tests import taps
from tests.phone import text_of
from tests.world import REGISTER_HOLDER, kuntosali_kunto


def second_place(kaisa):
    return add_premises(kaisa.third_party_id, "Punavuori", by=REGISTER_HOLDER, at=now())


def pair(till, premises_id, name="Kassa 2"):
    code = make_pairing_code(premises_id, by=REGISTER_HOLDER, at=now())
    assert till.post("/counter/pair", {"code": code, "name": name})["Location"] == "/counter/"


def test_pairing_at_another_place_adds_it(till, kaisa):
    till.post("/counter/settings", {"sounds": "off"})
    pair(till, second_place(kaisa).id)
    page = text_of(till.get("/counter/places"))
    assert "Kallio" in page
    assert "Punavuori" in page
    assert "Turn sounds on" in text_of(till.get("/counter/"))


def test_visits_are_recorded_where_it_stands(till, kaisa):
    other = second_place(kaisa)
    pair(till, other.id)
    aino = taps.aino()
    till.post("/counter/", {"code": taps.code_of(aino, at=now())})
    assert till.post("/counter/places", {"premises_id": str(kaisa.premises_id)})["Location"] == "/counter/"
    assert "Kallio" in text_of(till.get("/counter/"))
    till.post("/counter/", {"code": taps.code_of(taps.cardholder("mari@example.fi"), at=now())})
    assert list(Visit.objects.order_by("id").values_list("premises_id", flat=True)) == [other.id, kaisa.premises_id]


def test_nobody_stands_where_the_device_is_not_paired(till, kaisa):
    second_place(kaisa)
    gym = kuntosali_kunto()
    assert till.post("/counter/places", {"premises_id": str(gym.premises_id)}).status_code == 404
    assert till.post("/counter/places", {"premises_id": "x"}).status_code == 400
    assert till.post("/counter/places", {"premises": str(kaisa.premises_id)}).status_code == 400


def test_another_company_begins_anew(till, kaisa):
    gym = kuntosali_kunto()
    till.post("/counter/settings", {"sounds": "off"})
    pair(till, gym.premises_id)
    assert "Kahvila Kaisa" not in text_of(till.get("/counter/places"))
    assert "Kallio" not in text_of(till.get("/counter/places"))
    assert "Turn sounds off" in text_of(till.get("/counter/"))


def test_disconnected_at_one_place_it_asks_where_it_stands(till, kaisa):
    pair(till, second_place(kaisa).id)
    there = Terminal.objects.get(premises__name="Punavuori")
    revoke_terminal(there.id, by=REGISTER_HOLDER, at=now())
    assert till.get("/counter/")["Location"] == "/counter/places?disconnected"
    page = text_of(till.get("/counter/places?disconnected"))
    assert "disconnected" in page
    assert "Punavuori" not in page
    assert till.get("/counter/").status_code == 200
