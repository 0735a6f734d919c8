"""A scan that was acknowledged is never lost: the serving process is killed in the middle of its work, and counted."""

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from kliento.domain.activity.models import Entry
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.serving import serving
from tests.world import kahvila_kaisa

PEOPLE, VISITS_EACH, SENDERS = 12, 60, 6
ENOUGH_ACKNOWLEDGED = 150


def _scans(start: datetime) -> list[dict[str, str]]:
    """So many visits, eleven minutes apart, so that each scan is a visit of its own."""
    people = [taps.cardholder(f"p{number}@example.fi") for number in range(PEOPLE)]
    moments = [start - timedelta(minutes=11 * number) for number in range(VISITS_EACH)]
    return [
        {"id": str(new_id()), "code": taps.code_of(person, at=at), "occurred_at": at.isoformat()}
        for at in moments
        for person in people
    ]


class _Senders:
    """Terminals that send one scan after the other until the line breaks."""

    def __init__(self, url: str, secret: str, scans: list[dict[str, str]]) -> None:
        self._address = urlsplit(url).netloc
        self._secret = secret
        self._scans: Iterator[dict[str, str]] = iter(scans)
        self._lock = threading.Lock()
        self.acknowledged: dict[UUID, UUID] = {}
        self.enough = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        line = http.client.HTTPConnection(self._address, timeout=30)
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        while True:
            with self._lock:
                scan = next(self._scans, None)
            if scan is None:
                break
            try:
                line.request("POST", "/api/v1/scans", json.dumps({"scans": [scan]}), headers)
                response = line.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException):
                break
            assert response.status == 200, body
            [answer] = json.loads(body)["scans"]
            assert answer["outcome"] == "identified", answer
            with self._lock:
                self.acknowledged[UUID(answer["id"])] = UUID(answer["visit_id"])
                if len(self.acknowledged) >= ENOUGH_ACKNOWLEDGED:
                    self.enough.set()
        line.close()
        self.enough.set()


def _assert_each_stands_once(acknowledged: dict[UUID, UUID]) -> None:
    stored = list(Scan.objects.values_list("id", "visit_id"))
    assert len(stored) == len(dict(stored)), "a scan stands twice"
    assert acknowledged.items() <= dict(stored).items()
    visits = list(Visit.objects.values_list("id", "entry_id"))
    assert sorted(visit for _, visit in stored) == sorted(visit for visit, _ in visits)
    assert sorted(entry for _, entry in visits) == sorted(
        Entry.objects.filter(kind="visit").values_list("id", flat=True)
    )
    numbers: dict[UUID, list[int]] = {}
    for subject_id, number in Entry.objects.exclude(subject_id=None).values_list("subject_id", "number"):
        numbers.setdefault(subject_id, []).append(number)
    assert all(sorted(counted) == list(range(1, len(counted) + 1)) for counted in numbers.values())


def test_every_acknowledged_scan_stands_exactly_once_after_a_kill(db):
    place, scans = kahvila_kaisa(at=now()), _scans(now())
    with serving(db) as product:
        senders = _Senders(product.url, place.secret, scans)
        assert senders.enough.wait(60)
        os.killpg(product.process.pid, signal.SIGKILL)
        senders.join()
    assert ENOUGH_ACKNOWLEDGED <= len(senders.acknowledged) < len(scans), "killed too late to show anything"
    _assert_each_stands_once(senders.acknowledged)

    with serving(db) as product:  # the tills send everything again, as they do after a broken line
        again = _Senders(product.url, place.secret, scans)
        again.join()
    assert again.acknowledged.items() >= senders.acknowledged.items()
    assert len(again.acknowledged) == len(scans) == Scan.objects.count()
    _assert_each_stands_once(again.acknowledged)
