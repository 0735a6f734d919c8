"""Threat 27: when networks return and every till brings back what waited, those who tap now are served all the same.

Over the real server with its threads. Who is served is counted, not timed: how many queues of 500 were taken in while
one tap waited. Taps and queues take turns, so it is one or two, on a slow machine as on a fast one.
"""

import http.client
import json
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event, Semaphore
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from kliento.domain.cards.actions import make_blank_cards
from kliento.domain.people.queries import lock_people
from kliento.domain.recipients.actions import make_pairing_code, pair_terminal
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.serving import Served
from tests.world import REGISTER_HOLDER, kahvila_kaisa, kuntosali_kunto, place

TILLS, EACH, TAPS = 48, 500, 20
FLOOD, LET_IN = 20, 12
AT_MOST_MEANWHILE = 6  # whose answers were on their way, and those of a turn or two


class Queue:
    """A till that hands in what waited, again and again until it is taken in or nobody wants to know."""

    def __init__(self, served: Served, secret: str, numbers: list[str]) -> None:
        self.statuses: list[int] = []
        self._served = served
        self._secret = secret
        self._scans = _scans(numbers)

    def hand_in(self, enough: Event, begun: Semaphore) -> None:
        while not enough.is_set():
            begun.release()
            try:
                status, retry_after, code = _sent(self._served, self._secret, self._scans)
            except (OSError, http.client.HTTPException):
                continue  # hung up, as before an answer that was not worth waiting for
            self.statuses.append(status)
            if status == 200:
                return
            assert (status, code) == (503, "busy")
            enough.wait(float(retry_after or "0"))


def _scans(numbers: Sequence[str]) -> str:
    return json.dumps({"scans": [{"id": str(new_id()), "code": number} for number in numbers]})


def _sent(served: Served, secret: str, body: str) -> tuple[int, str | None, str]:
    """Status, when to come again, and the problem's code."""
    connection = _connected(served)
    try:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/scans", body, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        return answer.status, answer.getheader("Retry-After"), said.get("code", "")
    finally:
        connection.close()


def _connected(served: Served) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("localhost", urlsplit(served.url).port or 0, timeout=120)


def _paired(place: UUID, number: int) -> str:
    code = make_pairing_code(place, by=REGISTER_HOLDER, at=now())
    return pair_terminal(code, name=f"Kassa {number}", at=now())[1]


def test_threat_27_taps_are_served_while_48_tills_hand_in_500_each(served):
    kaisa, gym = kahvila_kaisa(at=now()), kuntosali_kunto(at=now())
    numbers = make_blank_cards(EACH, third_party_id=None, by=REGISTER_HOLDER, at=now()).numbers
    queues = [Queue(served, _paired(kaisa.premises_id, number), numbers) for number in range(TILLS)]
    enough, begun = Event(), Semaphore(0)

    def taken_in() -> int:
        return sum(200 in queue.statuses for queue in queues)

    with ThreadPoolExecutor(TILLS) as pool:
        answers: list[Future[None]] = [pool.submit(queue.hand_in, enough, begun) for queue in queues]
        try:
            for _ in queues:
                assert begun.acquire(timeout=60)
            meanwhile = []
            for _ in range(TAPS):
                before = taken_in()
                assert _sent(served, gym.secret, _scans(numbers[:1]))[0] == 200
                meanwhile.append(taken_in() - before)
            waiting = TILLS - taken_in()
        finally:
            enough.set()
        for answer in answers:
            answer.result(120)
    assert waiting > 0, "the taps were not served after all the others"
    assert max(meanwhile) <= AT_MOST_MEANWHILE, meanwhile
    assert any(503 in queue.statuses for queue in queues), "whoever found no place was told when to come again"


def test_threat_27_tills_that_flood_leave_threads_to_others(served):
    floods = [kahvila_kaisa(at=now()).secret, place("Apteekki", "0737546-2", "Pori", at=now()).secret]
    gym, aino = kuntosali_kunto(at=now()), taps.aino(at=now())
    code = json.dumps({"scans": [{"id": str(new_id()), "code": taps.code_of(aino, at=now())}]})
    assert _sent(served, gym.secret, _scans(["warm up"]))[0] == 200
    with ThreadPoolExecutor(2 * FLOOD + 1) as pool:
        with transaction.atomic():  # while this lasts nothing can be recorded, as on a busy day
            lock_people([aino.person_id])
            flood = [pool.submit(_sent, served, secret, code) for secret in floods for _ in range(FLOOD)]
            refused = [answer.result()[0] for answer in islice(as_completed(flood, timeout=60), 2 * FLOOD - LET_IN)]
            tap = pool.submit(_sent, served, gym.secret, code)
            page = _connected(served)
            page.request("GET", "/")
            assert page.getresponse().status == 200, "a page is served beside them"
            page.close()
            assert not tap.done(), "another till is let in and waits for its turn"
        assert tap.result(60)[0] == 200
        assert refused == [429] * (2 * FLOOD - LET_IN)
        assert sum(answer.result(60)[0] == 200 for answer in flood) == LET_IN
