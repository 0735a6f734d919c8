"""R-VIS-1: only an approved third party's enrolled terminal can record a visit; recording is idempotent."""

import json

import pytest

from kliento.domain.recipients.actions import add_premises, add_third_party, make_pairing_code, revoke_terminal
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.errors import NotAllowed
from kliento.kernel.ids import new_id
from tests import taps
from tests.world import NOON, REGISTER_HOLDER, kahvila_kaisa


def _send(client, person, secret: str | None, *, scan_id=None):
    scan = {"id": str(scan_id or new_id()), "code": taps.code_of(person, at=now())}
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    body = json.dumps({"scans": [scan]})
    return client.post("/api/v1/scans", body, content_type="application/json", headers=headers)


def _revoke(place):
    revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=now())


def _suspend(place):
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)


def _withdraw_approval(place):
    ThirdParty.objects.update(state=ThirdParty.State.DRAFT)


@pytest.mark.parametrize("shut_out", [_revoke, _suspend, _withdraw_approval])
def test_a_terminal_that_is_shut_out_records_nothing(db, client, shut_out):
    place, aino = kahvila_kaisa(), taps.aino()
    assert _send(client, aino, place.secret).status_code == 200
    shut_out(place)
    assert _send(client, aino, place.secret).status_code == 401
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 1)


@pytest.mark.parametrize("secret", [None, "", "kt_" + "0" * 32, "not a secret"])
def test_whoever_is_no_terminal_records_nothing(db, client, secret):
    kahvila_kaisa()
    assert _send(client, taps.aino(), secret).status_code == 401
    assert not Scan.objects.exists()


def test_a_draft_gets_no_terminal(db):
    draft = add_third_party(name="Kioski", business_id="2345678-0", country="FI", by=REGISTER_HOLDER, at=NOON)
    place = add_premises(draft.id, "Asema", by=REGISTER_HOLDER, at=NOON)
    with pytest.raises(NotAllowed):
        make_pairing_code(place.id, by=REGISTER_HOLDER, at=NOON)


def test_the_same_scan_twice_is_one_visit(db, client):
    place, aino, scan_id = kahvila_kaisa(), taps.aino(), new_id()
    first, second = (_send(client, aino, place.secret, scan_id=scan_id) for _ in range(2))
    assert (first.status_code, second.content) == (200, first.content)
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 1)
