"""Threat 27 at the counter: one till, or one address, that asks without end is held back alone; the next is served."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from kliento.domain.recipients.actions import make_pairing_code, set_pin, want_pins
from kliento.domain.recipients.queries import paired_terminal
from kliento.domain.visits.actions import Upload, record_scans
from kliento.domain.visits.models import Scan
from kliento.interfaces.counter.views.claiming import USED
from kliento.interfaces.counter.views.pairing import PAIRINGS
from kliento.interfaces.counter.views.shifts import OPENINGS
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from kliento.web.limits import Limit
from tests import taps
from tests.blanks import blank_card
from tests.domain.cards.test_unsealing import sealed
from tests.interfaces.counter.tills import paired
from tests.phone import text_of
from tests.portal import operator
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa

UNKNOWN, LIMIT_OF_UNKNOWN, CODES_AN_HOUR = "6412345678901", 30, 20
STOPPED = "Too many unknown codes, wait a minute"


@pytest.fixture
def kaisa(db: object) -> Place:
    return kahvila_kaisa(at=now())


@pytest.fixture
def tills(kaisa: Place) -> tuple[Client, Client]:
    """One that floods, and the one beside it."""
    return paired(kaisa), paired(kaisa, "Kassa 3")


def _told(till: Client, code: str) -> str:
    """The title of what the till shows."""
    found = re.search(r"<h1>(.*?)</h1>", text_of(till.post("/counter/", {"code": code})))
    return found[1] if found else ""


def _within_one_window(limit: Limit, tries: Callable[[], list[int]]) -> list[int]:
    """The statuses of these tries; the count starts anew with each window: again, if one began meanwhile."""
    window, statuses = None, []
    while window != int(time.time()) // limit.window_seconds:
        cache.clear()
        window, statuses = int(time.time()) // limit.window_seconds, tries()
    return statuses


def test_threat_27_unknown_codes_stop_one_till_and_not_the_one_beside_it(tills: tuple[Client, Client]) -> None:
    flooding, beside = tills
    aino = taps.aino(at=now())
    told = [_told(flooding, UNKNOWN) for _ in range(LIMIT_OF_UNKNOWN + 1)]
    assert told == ["Not a Kliento code"] * LIMIT_OF_UNKNOWN + [STOPPED]
    assert _told(flooding, taps.code_of(aino, at=now())) == STOPPED
    assert _told(beside, taps.code_of(aino, at=now())) == "Welcome"


def test_threat_27_in_one_batch_as_well(kaisa: Place, tills: tuple[Client, Client]) -> None:
    aino, at = taps.aino(at=now()), now()
    flooding, beside = (paired_terminal(till.get("/counter/state").json()["terminal_id"]) for till in tills)
    before = at - timedelta(seconds=1)
    flood = Upload(flooding, [taps.scan(UNKNOWN, occurred_at=before) for _ in range(LIMIT_OF_UNKNOWN + 9)])
    of_flood, of_beside = record_scans(
        [flood, Upload(beside, [taps.scan(taps.code_of(aino, at=at), occurred_at=at)])], at=at
    )
    outcomes = [one.outcome for one in of_flood.scans]
    assert (outcomes.count("unknown"), outcomes.count("try_later")) == (LIMIT_OF_UNKNOWN, 9)
    assert [one.outcome for one in of_beside.scans] == ["identified"]


def test_threat_27_a_queue_of_rubbish_is_stopped_and_what_was_not_judged_may_come_again(
    tills: tuple[Client, Client],
) -> None:
    at = now() - timedelta(minutes=5)
    ids = [id_at(at) for _ in range(LIMIT_OF_UNKNOWN + 5)]
    sent = [{"id": str(each), "sealed": sealed(UNKNOWN, each), "occurred_at": at.isoformat()} for each in ids]
    answers = tills[0].post("/counter/scans", {"scans": json.dumps(sent)}).json()["scans"]
    outcomes = [answer["outcome"] for answer in answers]
    assert (outcomes.count("unknown"), outcomes.count("try_later")) == (LIMIT_OF_UNKNOWN, 5)
    assert Scan.objects.count() == LIMIT_OF_UNKNOWN


def test_threat_27_guessing_pairing_codes_is_stopped_for_one_address(kaisa: Place) -> None:
    def guesses() -> list[int]:
        sent = [{"code": f"AAAA-AAAA-{number:04}", "name": "Kassa"} for number in range(PAIRINGS.times + 1)]
        return [Client(REMOTE_ADDR="192.0.2.1").post("/counter/pair", each).status_code for each in sent]

    assert _within_one_window(PAIRINGS, guesses) == [400] * PAIRINGS.times + [429]
    code = make_pairing_code(kaisa.premises_id, by=REGISTER_HOLDER, at=now())
    elsewhere = Client(REMOTE_ADDR="192.0.2.2").post("/counter/pair", {"code": code, "name": "Kassa 4"})
    assert elsewhere.status_code == 302


def test_threat_27_trying_pins_is_stopped_for_one_till(kaisa: Place, tills: tuple[Client, Client]) -> None:
    flooding, beside = tills
    owner, tiina = operator(kaisa), operator(kaisa, "till", address="tiina@example.fi")
    for who in (owner, tiina):
        set_pin("73952", by=who, at=now())
    want_pins(wanted=True, by=owner, at=now())

    def tries() -> list[int]:
        sent = {"operator_id": str(tiina.operator_id), "pin": "8000"}
        return [flooding.post("/counter/unlock", sent).status_code for _ in range(OPENINGS.times + 1)]

    assert _within_one_window(OPENINGS, tries) == [400] * OPENINGS.times + [429]
    opened = beside.post("/counter/unlock", {"operator_id": str(owner.operator_id), "pin": "73952"})
    assert (opened.status_code, opened["Location"]) == (302, "/counter/")


def test_threat_27_a_till_makes_no_cards_without_end(tills: tuple[Client, Client]) -> None:
    flooding, beside = tills

    def uses() -> list[int]:
        codes = [f"04A22B62C15E{number:02X}" for number in range(USED.times + 1)]
        return [flooding.post("/counter/use-card", {"code": code}).status_code for code in codes]

    assert _within_one_window(USED, uses) == [200] * USED.times + [429]
    assert "Card without an account" in text_of(beside.post("/counter/use-card", {"code": "04A22B62C15E80"}))


def test_threat_27_a_till_gives_no_claim_codes_without_end(tills: tuple[Client, Client]) -> None:
    def asked(till: Client) -> str:
        page = text_of(till.post("/counter/", {"code": blank_card(at=now())}))
        visit_id = page.split('name="visit_id" value="')[1].partition('"')[0]
        return text_of(till.post("/counter/claim-code", {"visit_id": visit_id}))

    flooding, beside = tills
    answers = [asked(flooding) for _ in range(CODES_AN_HOUR + 1)]
    assert ["It works once" in answer for answer in answers] == [True] * CODES_AN_HOUR + [False]
    assert "Try again in an hour" in answers[-1]
    assert "It works once" in asked(beside)
