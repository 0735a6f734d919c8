"""Threat 27: whoever floods the counter API is held back alone; others keep being served."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep

from django.db import connections, transaction
from django.test import Client

from kliento.domain.people.queries import lock_people
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.world import Place, kahvila_kaisa, kuntosali_kunto

FLOOD, LET_IN = 20, 8


def _shown(code: str, till: Place) -> tuple[int, str]:
    """Status and outcome of one tap."""
    body = json.dumps({"scans": [{"id": str(new_id()), "code": code}]})
    headers = {"Authorization": f"Bearer {till.secret}"}
    response = Client().post("/api/v1/scans", body, content_type="application/json", headers=headers)
    connections.close_all()
    return response.status_code, response.json()["scans"][0]["outcome"] if response.status_code == 200 else ""


def _until(enough: int, answers: list[Future]) -> None:
    until = monotonic() + 20
    while sum(answer.done() for answer in answers) < enough and monotonic() < until:
        sleep(0.005)


def test_threat_27_one_till_that_floods_is_held_back_and_the_next_one_is_served(db):
    flooding, cafe = kahvila_kaisa(at=now()), kuntosali_kunto(at=now())
    aino, eino = taps.aino(at=now()), taps.cardholder("eino@example.fi", at=now())
    code, eino_shows = taps.code_of(aino, at=now()), taps.code_of(eino, at=now())
    assert _shown("warm up", flooding)[0] == _shown("warm up", cafe)[0] == 200
    with ThreadPoolExecutor(FLOOD + 1) as pool:
        with transaction.atomic():  # while this lasts nothing can be recorded, as on a busy day
            lock_people([aino.person_id])
            flood = [pool.submit(_shown, code, flooding) for _ in range(FLOOD)]
            _until(FLOOD - LET_IN, flood)
            refused = [answer.result()[0] for answer in flood if answer.done()]
            served = pool.submit(_shown, eino_shows, cafe)
            sleep(0.2)
            assert not served.done(), "another till is let in and waits for its turn"
        assert served.result(20) == (200, "identified")
        assert refused == [429] * (FLOOD - LET_IN)
        assert sorted(answer.result(20)[0] for answer in flood) == [200] * LET_IN + [429] * (FLOOD - LET_IN)
