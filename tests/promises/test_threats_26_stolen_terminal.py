"""Threat 26: a stolen terminal is revoked at once; its queue can be handed in, and whoever holds it learns nothing."""

import json
from datetime import timedelta

from django.test import Client

from kliento.domain.recipients.actions import make_pairing_code, revoke_terminal
from kliento.domain.recipients.models import Terminal
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from tests import taps
from tests.domain.cards.test_unsealing import sealed
from tests.world import REGISTER_HOLDER, kahvila_kaisa


def _queue(*codes: str, minutes: int) -> list[dict[str, str]]:
    occurred_at = now() - timedelta(minutes=minutes)
    return [
        {"id": str(taps.scan(code, occurred_at=occurred_at).id), "code": code, "occurred_at": occurred_at.isoformat()}
        for code in codes
    ]


def _send(place, scans):
    headers = {"Authorization": f"Bearer {place.secret}"}
    return Client().post(
        "/api/v1/scans", json.dumps({"scans": scans}), content_type="application/json", headers=headers
    )


def test_threat_26_the_queue_of_a_revoked_terminal_is_taken_in_and_tells_nothing(db):
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.restricted(taps.cardholder("eino@example.fi", "Eino"))
    taps.share(aino, kaisa, "first_name")
    shown = now() - timedelta(minutes=4)
    codes = [taps.code_of(aino, at=shown), taps.code_of(eino, at=shown), "K10000000000000A"]
    scans = _queue(*codes, minutes=4)
    revoke_terminal(kaisa.terminal.terminal_id, by=REGISTER_HOLDER, at=now())
    answer = _send(kaisa, scans)
    assert answer.status_code == 200
    first, *others = answer.json()["scans"]
    # Who was accepted, who was not and what is no card of ours read alike, but for their own ids.
    assert all({**other, "id": first["id"]} == first for other in others)
    assert (first["outcome"], first["member_number"], first["visit_id"]) == ("received", None, None)
    assert (first["values"], first["stamps"], first["first_at"]) == ({}, None, None)
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified", "not_accepted", "unknown"]
    assert Visit.objects.get().fields == []


def test_threat_26_after_it_was_revoked_it_can_do_nothing(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    tapped = taps.tap(aino, kaisa, at=now())
    revoke_terminal(kaisa.terminal.terminal_id, by=REGISTER_HOLDER, at=now())
    headers = {"Authorization": f"Bearer {kaisa.secret}"}
    late = taps.code_of(aino, at=now() - timedelta(seconds=30))
    assert _send(kaisa, [{"id": str(taps.scan("x", occurred_at=now()).id), "code": late}]).status_code == 401
    for path in ("/block-list", f"/members/{tapped.member_number}?fields=first_name&purpose=serving"):
        assert Client().get(f"/api/v1{path}", headers=headers).status_code == 401, path
    for path in ("/redemptions", "/reversals"):
        sent = Client().post(f"/api/v1{path}", "{}", content_type="application/json", headers=headers)
        assert sent.status_code == 401, path
    assert Visit.objects.count() == 1


def test_threat_26_what_was_scanned_after_it_was_revoked_is_not_taken_among_what_was_before(db):
    kaisa, aino = kahvila_kaisa(), taps.aino()
    shown = now() - timedelta(minutes=1)
    before, after = _queue("K10000000000000A", minutes=5), _queue(taps.code_of(aino, at=shown), minutes=1)
    at = now() - timedelta(minutes=3)
    revoke_terminal(kaisa.terminal.terminal_id, by=REGISTER_HOLDER, at=at)
    answers = _send(kaisa, before + after).json()["scans"]
    assert [answer["outcome"] for answer in answers] == ["received", "invalid"]
    assert not Visit.objects.exists()


def _disconnected_browser(place):
    """A browser that was a terminal until a minute ago."""
    browser = Client()
    code = make_pairing_code(place.premises_id, by=REGISTER_HOLDER, at=now())
    browser.post("/counter/pair", {"code": code, "name": "Kassa 2"})
    assert browser.get("/counter/block-list").status_code == 200
    paired = Terminal.objects.get(name="Kassa 2")
    assert paired.list_handed_at is not None
    revoke_terminal(paired.id, by=REGISTER_HOLDER, at=now() - timedelta(minutes=1))
    return browser


def _handed_in(browser, *scans):
    """What a browser's queue is answered, by the ids."""
    sent = [
        {"id": str(one.id), "sealed": sealed(one.code, one.id), "occurred_at": one.occurred_at.isoformat()}
        for one in scans
    ]
    answer = browser.post("/counter/scans", {"scans": json.dumps(sent)})
    assert answer.status_code == 200, answer.headers
    return answer.json()["scans"]


def test_threat_26_a_disconnected_browser_is_led_to_pairing_and_gets_no_list(db):
    browser = _disconnected_browser(kahvila_kaisa())
    for _ in range(2):
        assert browser.get("/counter/block-list").status_code == 302
        assert browser.get("/counter/").status_code == 302
        assert set(browser.get("/counter/state").json()) == {"at", "disconnected", "token"}


def test_threat_26_a_disconnected_browser_hands_in_its_queue_and_learns_nothing(db):
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.restricted(taps.cardholder("eino@example.fi", "Eino"))
    taps.share(aino, kaisa, "first_name")
    browser = _disconnected_browser(kaisa)
    browser.get("/counter/")  # it was led to pairing before its scripts asked
    shown = now() - timedelta(minutes=4)
    codes = [taps.code_of(aino, at=shown), taps.code_of(eino, at=shown), "K10000000000000A"]
    late = taps.scan(taps.code_of(aino, at=now()), occurred_at=now())
    before = [taps.scan(code, occurred_at=shown) for code in codes]
    answers = _handed_in(browser, *before, late)
    assert answers == [{"id": str(one.id), "outcome": "received"} for one in before] + [
        {"id": str(late.id), "outcome": "invalid"}
    ]
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["identified", "not_accepted", "unknown"]
    visit = Visit.objects.get()
    assert (visit.occurred_at, visit.fields) == (shown, [])
