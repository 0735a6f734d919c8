"""T-1, on the road: what is sent twice, changed, torn or by the hundred thousand comes to one visit at most."""

import json

import pytest
from django.test import Client

from kliento.domain.programmes.models import LedgerEntry
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.domain.cards.test_unsealing import sealed
from tests.interfaces.counter.tills import paired
from tests.programmes import offered, takes
from tests.world import Place, kahvila_kaisa, kuntosali_kunto


@pytest.fixture
def kaisa(db) -> Place:
    return kahvila_kaisa()


def sent(place: Place, path: str, body: object):
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {place.secret}"}
    return Client().post(f"/api/v1/{path}", content, content_type="application/json", headers=headers)


def scan(code: str, **changed: object) -> dict[str, object]:
    return {"id": str(new_id()), "code": code, "occurred_at": now().isoformat()} | changed


def outcomes(answer) -> list[str]:
    return [each["outcome"] for each in answer.json()["scans"]]


@pytest.mark.parametrize("changed", ["code", "occurred_at", "direction"])
def test_threat_1_an_id_that_was_used_for_another_scan_is_a_conflict_and_changes_nothing(kaisa, changed) -> None:
    aino, eino = taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    first = scan(taps.code_of(aino, at=now()))
    assert outcomes(sent(kaisa, "scans", {"scans": [first]})) == ["identified"]

    other = {"code": taps.code_of(eino, at=now()), "occurred_at": "2026-11-22T10:00:00Z", "direction": "out"}[changed]
    answer = sent(kaisa, "scans", {"scans": [first | {changed: other}]})

    assert (answer.status_code, answer.json()["code"]) == (409, "scan_id_reused")
    assert first["id"] in answer.json()["detail"]
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 1)
    assert outcomes(sent(kaisa, "scans", {"scans": [first]})) == ["identified"]


def test_threat_1_bad_scans_in_the_middle_hold_up_none_and_all_can_be_sent_again(kaisa) -> None:
    people = [taps.cardholder(f"guest{number}@example.fi", "Vieras") for number in range(3)]
    good = [scan(taps.code_of(person, at=now())) for person in people]
    bad: list[object] = [scan("x", id="none"), scan("x", occurred_at="soon"), scan("x") | {"tip": 5}, 7, None, []]
    body = {"scans": [good[0], *bad[:3], good[1], *bad[3:], good[2]]}
    wanted = ["identified", *["invalid"] * 3, "identified", *["invalid"] * 3, "identified"]

    answers = [sent(kaisa, "scans", body) for _ in range(2)]

    assert [outcomes(answer) for answer in answers] == [wanted, wanted]
    assert answers[0].content == answers[1].content
    assert (Visit.objects.count(), Scan.objects.count()) == (3, 3)


def test_threat_1_a_hundred_thousand_scans_at_once_are_refused_with_what_to_do(kaisa) -> None:
    many = '{"scans": [' + ", ".join([json.dumps(scan("K1" + "0" * 14))] * 100_000) + "]}"
    refused = sent(kaisa, "scans", many)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert "Send less at a time" in refused.json()["detail"]

    too_many = sent(kaisa, "scans", {"scans": [scan("K1" + "0" * 14) for _ in range(501)]})
    [mistake] = too_many.json()["errors"]
    assert (too_many.status_code, mistake["pointer"]) == (400, "/scans")
    assert "500" in mistake["detail"]
    assert not Scan.objects.exists()


def test_threat_1_the_same_redemption_sent_again_hands_out_one_reward(kaisa) -> None:
    aino = takes(taps.aino(), offered(kaisa, needed=1))
    [answer] = sent(kaisa, "scans", {"scans": [scan(taps.code_of(aino, at=now()))]}).json()["scans"]
    redemption = {"id": str(new_id()), "visit_id": answer["visit_id"]}

    first, again = (sent(kaisa, "redemptions", redemption) for _ in range(2))

    assert (first.status_code, first.content) == (200, again.content)
    assert LedgerEntry.objects.filter(kind="redeemed").count() == 1
    assert sent(kaisa, "redemptions", redemption | {"id": str(new_id())}).status_code == 409
    elsewhere = sent(kuntosali_kunto(), "redemptions", redemption | {"id": str(new_id())})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "unknown_visit")


def test_threat_1_a_tills_queue_handed_in_twice_is_counted_once(kaisa) -> None:
    aino, till = taps.aino(), paired(kaisa)
    scan_id, at = new_id(), now()
    waiting = {"id": str(scan_id), "sealed": sealed(taps.code_of(aino, at=at), scan_id), "occurred_at": at.isoformat()}

    answers = [till.post("/counter/scans", {"scans": json.dumps([waiting])}).json() for _ in range(3)]

    assert answers == [{"scans": [{"id": str(scan_id), "outcome": "identified"}]}] * 3
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 1)
