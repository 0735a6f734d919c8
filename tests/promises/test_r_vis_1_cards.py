"""R-VIS-1: a card without an account is recorded by an approved third party's terminal alone, once, like any other."""

import json

import pytest

from kliento.domain.cards.actions import use_as_card
from kliento.domain.cards.models import Card, ClaimCode
from kliento.domain.recipients.actions import revoke_terminal
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.visits.models import Scan, Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import programmes
from tests.blanks import blank_card, card_of, shown, stamps_of
from tests.world import REGISTER_HOLDER, Place, kahvila_kaisa, kuntosali_kunto

TRAVEL_CARD = "04C23B5C6D7E81"
pytestmark = pytest.mark.usefixtures("db")


def sends(client, address: str, body: object, secret: str | None):
    headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=headers)


def scans(client, number: str, secret: str | None, *, scan_id=None):
    scan = {"id": str(scan_id or new_id()), "code": number}
    return sends(client, "scans", {"scans": [scan]}, secret)


def _revoked(place: Place) -> None:
    revoke_terminal(place.terminal.terminal_id, by=REGISTER_HOLDER, at=now())


def _suspended(place: Place) -> None:
    ThirdParty.objects.filter(id=place.third_party_id).update(state=ThirdParty.State.SUSPENDED)


@pytest.mark.parametrize("shut_out", [_revoked, _suspended])
def test_a_terminal_that_is_shut_out_records_gives_and_redeems_nothing(client, shut_out):
    at = now()
    kaisa, number = kahvila_kaisa(at=at), blank_card(at=at)
    programmes.offered(kaisa, needed=1, at=at)
    [answer] = scans(client, number, kaisa.secret).json()["scans"]
    assert (answer["outcome"], answer["values"]) == ("unclaimed", {})
    visit_id = answer["visit_id"]
    shut_out(kaisa)
    refused = [
        scans(client, number, kaisa.secret),
        sends(client, "claim-codes", {"visit_id": visit_id}, kaisa.secret),
        sends(client, "redemptions", {"id": str(new_id()), "visit_id": visit_id}, kaisa.secret),
    ]
    assert [each.status_code for each in refused] == [401] * 3
    assert (Visit.objects.count(), Scan.objects.count(), ClaimCode.objects.count()) == (1, 1, 0)
    assert stamps_of(Visit.objects.get().subject_id, at=now()) == [1]


@pytest.mark.parametrize("secret", [None, "", "kt_" + "0" * 32])
def test_whoever_is_no_terminal_records_nothing(client, secret):
    at = now()
    kahvila_kaisa(at=at)
    assert scans(client, blank_card(at=at), secret).status_code == 401
    assert not Scan.objects.exists()
    assert not Visit.objects.exists()


def test_the_same_scan_twice_is_one_visit_and_one_stamp(client):
    at = now()
    kaisa, number, scan_id = kahvila_kaisa(at=at), blank_card(at=at), new_id()
    programmes.offered(kaisa, at=at)
    first, second = (scans(client, number, kaisa.secret, scan_id=scan_id) for _each in range(2))
    assert (first.status_code, second.content) == (200, first.content)
    assert (Visit.objects.count(), Scan.objects.count()) == (1, 1)
    assert stamps_of(Visit.objects.get().subject_id, at=now()) == [1]


def test_of_a_card_at_two_third_parties_each_knows_its_own_visit_by_its_own_number(client):
    at = now()
    kaisa, kunto, number = kahvila_kaisa(at=at), kuntosali_kunto(at=at), blank_card(at=at)
    answers = [scans(client, number, place.secret).json()["scans"][0] for place in (kaisa, kunto)]
    assert len({answer["member_number"] for answer in answers}) == 2
    theirs = sends(client, "claim-codes", {"visit_id": answers[0]["visit_id"]}, kunto.secret)
    assert theirs.status_code == 404


def test_a_travel_card_is_unknown_until_its_holder_asks_at_a_till(client):
    kaisa = kahvila_kaisa(at=now())
    assert scans(client, TRAVEL_CARD, kaisa.secret).json()["scans"][0]["outcome"] == "unknown"
    assert not Card.objects.filter(person=None).exists()
    assert not Visit.objects.exists()
    card_id = use_as_card(TRAVEL_CARD, at=now())
    assert card_of(shown("04:c2:3b:5c:6d:7e:81", kaisa, at=now())) == card_id
