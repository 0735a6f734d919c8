"""POST /api/v1/scans."""

import json
from datetime import timedelta

import pytest

from kliento.domain.visits.models import Scan, Visit
from kliento.interfaces.api.scanning import most_scans
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.world import kahvila_kaisa


def _scan(code: str, **changed: object) -> dict[str, object]:
    return {"id": str(new_id()), "code": code, "occurred_at": now().isoformat()} | changed


def test_one_tap_end_to_end(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, place, "first_name")
    response = api_of(place).scan(_scan(taps.code_of(aino, at=now())))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    [answer] = response.json()["scans"]
    assert (answer["outcome"], answer["values"]) == ("identified", {"first_name": "Aino"})
    assert len(answer["member_number"]) == 8


def test_a_batch_is_answered_in_its_order(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    scans = [_scan("nothing"), _scan(taps.code_of(aino, at=now())), _scan("")]
    answers = api_of(place).scan(*scans).json()["scans"]
    assert [answer["id"] for answer in answers] == [scan["id"] for scan in scans]
    assert [answer["outcome"] for answer in answers] == ["unknown", "identified", "unknown"]


def test_without_a_time_a_scan_is_of_now_and_can_be_repeated(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    scan = {"id": str(new_id()), "code": taps.code_of(aino, at=now())}
    api = api_of(place)
    assert api.scan(scan).content == api.scan(scan).content
    assert Visit.objects.count() == 1


def test_an_id_used_for_another_scan_is_a_conflict_that_names_it_when_nothing_else_stands(api_of):
    place = kahvila_kaisa()
    api, scan = api_of(place), _scan("first")
    api.scan(scan)
    response = api.scan(scan | {"code": "second"})
    assert (response.status_code, response.json()["code"]) == (409, "scan_id_reused")
    assert scan["id"] in response.json()["detail"]
    assert Scan.objects.count() == 1


def test_one_bad_scan_is_named_in_its_own_answer_and_the_others_stand(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    api, used = api_of(place), _scan("first")
    api.scan(used)
    good, torn = _scan(taps.code_of(aino, at=now())), _scan("x") | {"id": "not-an-id"}
    response = api.scan(used | {"code": "second"}, good, torn, _scan("x", occurred_at="yesterday"))
    answers = response.json()["scans"]
    assert response.status_code == 200
    assert [answer["outcome"] for answer in answers] == ["invalid", "identified", "invalid", "invalid"]
    assert [answer["problem"] and answer["problem"]["code"] for answer in answers] == [
        "scan_id_reused",
        None,
        "scan_unreadable",
        "scan_unreadable",
    ]
    assert [answers[place]["problem"]["pointer"] for place in (0, 2, 3)] == [
        "/scans/0/id",
        "/scans/2/id",
        "/scans/3/occurred_at",
    ]
    assert (answers[2]["id"], answers[1]["problem"]) == (None, None)
    assert Scan.objects.count() == 2


def test_a_hundred_thousand_scans_are_too_many_to_be_read(api_of):
    response = api_of(kahvila_kaisa()).scan(*[_scan("K1" + "0" * 14)] * 100_000)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert "Send less at a time" in response.json()["detail"]


def test_a_code_that_is_too_long_to_be_one_is_answered_like_any_other(api_of):
    answers = api_of(kahvila_kaisa()).scan(_scan("9" * 4300), _scan("💳 قهوة \u202e \x00")).json()["scans"]
    assert [answer["outcome"] for answer in answers] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"id": "not-an-id"}, "/scans/0/id"),
        ({"id": "7c0c8d2e-3f77-4c3c-9c76-0a2d6a8f7d10"}, "/scans/0/id"),
        ({"id": "ffffffff-ffff-7fff-bfff-ffffffffffff"}, "/scans/0/id"),
        ({"id": None}, "/scans/0/id"),
        ({"code": 7}, "/scans/0/code"),
        ({"code": "9" * 4301}, "/scans/0/code"),
        ({"code": "\ud800"}, "/scans/0/code"),
        ({"occurred_at": "yesterday"}, "/scans/0/occurred_at"),
        ({"occurred_at": "2026-11-22T12:00:00"}, "/scans/0/occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59Z"}, "/scans/0/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "/scans/0/occurred_at"),
        ({"tip": 5}, "/scans/0/tip"),
    ],
)
def test_what_cannot_be_a_scan_is_pointed_at(api_of, changed, pointer):
    response = api_of(kahvila_kaisa()).scan(_scan("x") | changed)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [mistake["pointer"] for mistake in response.json()["errors"]] == [pointer]
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    ("body", "options", "status"),
    [
        ("{", {}, 400),
        ("", {}, 400),
        (b"\xff\xfe{}", {}, 400),
        ("[]", {}, 400),
        ("null", {}, 400),
        ('{"scans": []}', {}, 400),
        ('{"scans": {}}', {}, 400),
        ('{"scans": [], "extra": 1}', {}, 400),
        ('{"scans": ' + "[" * 100_000 + "]" * 100_000 + "}", {}, 400),
        ("scans=1", {"content_type": "application/x-www-form-urlencoded"}, 415),
        ("{}", {"content_type": "text/plain"}, 415),
        ('{"scans": "' + "x" * 1_100_000 + '"}', {}, 413),
    ],
)
def test_bodies_that_are_none_get_a_problem(api_of, body, options, status):
    response = api_of(kahvila_kaisa()).post("/scans", body, **options)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status


def test_five_hundred_scans_fit_and_five_hundred_and_one_do_not(api_of):
    api = api_of(kahvila_kaisa())
    response = api.scan(*[_scan("K1" + "0" * 14) for _ in range(501)])
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/scans")
    answers = api.scan(*[_scan("K1" + "0" * 14) for _ in range(500)]).json()["scans"]
    assert [answer["outcome"] for answer in answers].count("unknown") == 30
    assert [answer["outcome"] for answer in answers].count("try_later") == 470


def test_codes_from_the_future_and_clocks_that_are_off_are_told_so(api_of):
    place, aino = kahvila_kaisa(), taps.aino()
    api = api_of(place)
    ahead, behind = now() + timedelta(minutes=10), now() - timedelta(days=8)
    future_code = _scan(taps.code_of(aino, at=ahead))
    outcomes = [
        api.scan(scan).json()["scans"][0]["outcome"]
        for scan in (
            future_code,
            _scan(taps.code_of(aino, at=ahead), occurred_at=ahead.isoformat()),
            _scan(taps.code_of(aino, at=behind), occurred_at=behind.isoformat()),
            _scan(taps.code_of(aino, at=now() - timedelta(minutes=5))),
        )
    ]
    assert outcomes == ["too_early", "clock_off", "too_late", "expired"]


def test_other_methods_are_a_problem_too(api_of):
    response = api_of(kahvila_kaisa()).get("/scans")
    assert (response.status_code, response["Allow"], response["Content-Type"]) == (
        405,
        "POST",
        "application/problem+json",
    )


def test_addresses_that_lead_nowhere_are_a_problem_too(api_of):
    response = api_of(kahvila_kaisa()).get("/nowhere")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def _body(scans: list) -> bytes:
    return json.dumps({"scans": scans}).encode()


@pytest.mark.parametrize(
    ("body", "most"),
    [
        (_body([{"id": "a", "code": "b"}]), 1),
        (_body([{"id": "a", "code": "b", "occurred_at": "c"}] * 8), 12),
        (_body([{"id": "a", "code": "b"}] * 16), 16),
        (_body([{"id": "a", "code": "b"}] * 17), None),
        (_body([1] * 31), 16),
        (_body([1] * 500), None),
        (_body([{"id": "a", "code": "b" * 9000}]), None),
        (b"", 1),
    ],
)
def test_only_few_scans_are_read_between_the_taps_of_others(body, most):
    assert most_scans(body) == most
