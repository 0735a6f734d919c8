"""What a till's scripts ask for and hand in, as the server sees it."""

import json
from datetime import timedelta

import pytest

from kliento.domain.cards.queries import public_sealing_key
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from tests import taps
from tests.domain.cards.test_unsealing import sealed


@pytest.fixture
def aino(kaisa):
    return taps.aino(at=now() - timedelta(days=1))


def waiting(code, *, at, scan_id=None):
    """An entry of a till's queue."""
    scan_id = scan_id or id_at(at)
    return {"id": str(scan_id), "sealed": sealed(code, scan_id), "occurred_at": at.isoformat()}


def hand_in(till, *entries, **at):
    """What comes back for each of them. `at`: the premises at which they were made, if not where the till stands."""
    response = till.post("/counter/scans", {"scans": json.dumps(entries), **at})
    assert response.status_code == 200
    return [(each["id"], each["outcome"]) for each in response.json()["scans"]]


def test_the_state_names_place_keys_and_time(till, kaisa):
    answer = till.get("/counter/state").json()
    assert answer["place"] == "Kahvila Kaisa · Kallio · Kassa 2"
    assert set(answer) == {
        "at", "terminal_id", "premises_id", "place", "code_key", "sealing_key", "block_list", "settings", "locked",
        "end_shift", "shift",
        "counts_stays", "preferences", "token",
    }  # fmt: skip
    assert len(public_sealing_key()) == 65


def test_what_waited_is_recorded_as_it_happened_and_answered_by_outcome_alone(till, aino):
    at = now() - timedelta(minutes=30)
    entry = waiting(taps.code_of(aino, at=at), at=at)
    assert hand_in(till, entry) == [(entry["id"], "identified")]
    assert hand_in(till, entry) == [(entry["id"], "identified")]
    [visit] = Visit.objects.all()
    assert visit.occurred_at == at


def test_the_page_and_the_queue_send_the_same_scan(till, aino):
    at = now()
    entry = waiting(taps.code_of(aino, at=at), at=at)
    form = {"code": taps.code_of(aino, at=at), "scan_id": entry["id"], "occurred_at": entry["occurred_at"]}
    assert till.post("/counter/", form).status_code == 200
    assert hand_in(till, entry) == [(entry["id"], "identified")]
    assert Scan.objects.count() == Visit.objects.count() == 1


def test_one_that_cannot_be_opened_is_named_and_the_others_stand(till, aino):
    at = now() - timedelta(minutes=30)
    good = waiting(taps.code_of(aino, at=at), at=at)
    foreign = waiting(taps.code_of(aino, at=at), at=at) | {"id": str(id_at(at))}
    undated = waiting(taps.code_of(aino, at=at), at=at) | {"occurred_at": "yesterday"}
    assert hand_in(till, foreign, good, undated) == [
        (foreign["id"], "invalid"), (good["id"], "identified"), (undated["id"], "invalid"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "[1]", '[{"id": "x"}]', "[[]]", json.dumps([{"id": "x", "sealed": "", "occurred_at": ""}])]
)
def test_what_our_scripts_would_not_send_is_refused(sent, till):
    assert till.post("/counter/scans", {"scans": sent}).status_code == 400
    assert till.post("/counter/scans", {"scans": sent, "other": "1"}).status_code == 400


def test_the_shell_is_the_same_for_every_till_and_names_nobody(till, client, kaisa):
    own, others = till.get("/counter/shell").content, client.get("/counter/shell").content
    assert own == others
    assert b"Kaisa" not in own
    assert b"csrf" not in own


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_is_none_holds_up_nobody(till, aino, moment):
    at = now() - timedelta(minutes=3)
    good, strange = waiting(taps.code_of(aino, at=at), at=at), waiting("K2.X", at=at - timedelta(minutes=1))
    answers = hand_in(till, good, strange | {"occurred_at": moment})
    assert answers == [(good["id"], "identified"), (strange["id"], "invalid")]
    assert till.post("/counter/", {"code": "K2.X", "occurred_at": moment}).status_code == 200
