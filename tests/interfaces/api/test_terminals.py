"""POST /api/v1/terminals."""

import base64
import time

from django.core.cache import cache

from kliento.domain.recipients.actions import make_pairing_code
from kliento.domain.recipients.queries import terminal_actor
from kliento.interfaces.api.operations import PAIRINGS
from kliento.kernel.clock import now
from tests.world import REGISTER_HOLDER, kahvila_kaisa


def _code(place) -> str:
    return make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())


def test_a_pairing_code_becomes_a_secret_once(api_of):
    place = kahvila_kaisa()
    api, code = api_of(None), _code(place)
    response = api.post("/terminals", {"code": code, "name": "Kassa 2"})
    assert response.status_code == 201
    paired = response.json()
    assert terminal_actor(paired["secret"]).premises_id == place.premises_id
    assert (paired["third_party"], paired["premises"]) == ("Kahvila Kaisa", "Kallio")
    assert len(base64.b64decode(paired["code_key"])) == 32
    again = api.post("/terminals", {"code": code, "name": "Kassa 3"})
    assert (again.status_code, again.json()["code"]) == (400, "pairing_code_invalid")
    assert again.json()["errors"][0]["pointer"] == "/code"


def test_names_with_control_characters_are_refused(api_of):
    place = kahvila_kaisa()
    response = api_of(None).post("/terminals", {"code": _code(place), "name": "Kassa\n2"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/name")


def test_guessing_codes_is_slowed_down(api_of):
    api, minute, statuses = api_of(None), None, []
    while minute != _minute():  # the count starts anew with each minute: again, if one began meanwhile
        cache.clear()
        minute = _minute()
        statuses = [api.post("/terminals", {"code": f"AAAA-AAAA-{n:04}", "name": "x"}).status_code for n in range(21)]
    assert statuses == [400] * 20 + [429]


def _minute() -> int:
    return int(time.time()) // PAIRINGS.window_seconds
