"""A scan that waited sealed is the scan it would have been in clear."""

from datetime import timedelta

import pytest

from kliento.domain.cards.queries import card_number, public_sealing_key
from kliento.domain.visits.models import Visit
from kliento.kernel.clock import now
from kliento.kernel.ids import id_at
from tests import taps
from tests.domain.cards.test_unsealing import sealed
from tests.world import kahvila_kaisa


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now() - timedelta(days=2))


def send(client, kaisa, *scans):
    """The answer of the API."""
    return client.post(
        "/api/v1/scans",
        {"scans": list(scans)},
        content_type="application/json",
        headers={"Authorization": f"Bearer {kaisa.secret}"},
    )


def test_a_sealed_scan_and_the_same_in_clear_are_one(client, kaisa):
    at = now() - timedelta(minutes=5)
    number, scan_id = card_number(taps.aino(at=at - timedelta(days=1))), id_at(at)
    told = {"id": str(scan_id), "occurred_at": at.isoformat()}
    for body in ({"sealed": sealed(number, scan_id)}, {"code": number}, {"sealed": sealed(number, scan_id)}):
        [answer] = send(client, kaisa, told | body).json()["scans"]
        assert answer["outcome"] == "identified"
    assert Visit.objects.count() == 1
    assert len(public_sealing_key()) == 65


def test_what_was_sealed_for_another_scan_is_named(client, kaisa):
    number, scan_id = card_number(taps.aino(at=now() - timedelta(days=1))), id_at(now())
    foreign = {"id": str(id_at(now())), "sealed": sealed(number, scan_id)}
    both = {"id": str(scan_id), "code": number, "sealed": sealed(number, scan_id)}
    assert send(client, kaisa, foreign).status_code == 400
    assert send(client, kaisa, both).status_code == 400
    answers = send(client, kaisa, foreign, {"id": str(scan_id), "code": number}).json()["scans"]
    assert [each["outcome"] for each in answers] == ["invalid", "identified"]
