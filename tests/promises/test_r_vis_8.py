"""R-VIS-8: a till never learns why somebody is not accepted; the person sees the reason."""

import json

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards.actions import block_media
from kliento.domain.cards.queries import card_number
from kliento.domain.recipients.actions import demand_levels
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests import taps
from tests.programmes import owner_of
from tests.world import NOON, kahvila_kaisa


def _restricted(address: str):
    return taps.restricted(taps.cardholder(address))


def _blocked(address: str):
    person = taps.cardholder(address)
    block_media(person.person_id, at=NOON)
    return person


REASONS = {"person_restricted": _restricted, "medium_blocked": _blocked}


def _answer(client, place, code: str) -> tuple[int, str]:
    scan_id = str(new_id())
    response = client.post(
        "/api/v1/scans",
        json.dumps({"scans": [{"id": scan_id, "code": code}]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {place.secret}"},
    )
    return response.status_code, response.content.decode().replace(scan_id, "ID")


def test_every_reason_is_one_answer_byte_for_byte(db, client):
    place = kahvila_kaisa()
    people = [make(f"{reason}@example.fi") for reason, make in REASONS.items()]
    answers = {_answer(client, place, card_number(person)) for person in people}
    assert len(answers) == 1
    assert '"not_accepted"' in answers.pop()[1]


def test_a_known_customer_reads_the_same_as_a_stranger(db, client):
    place = kahvila_kaisa()
    known = taps.cardholder("known@example.fi")
    taps.share(known, place, "first_name")
    taps.tap(known, place, at=now())
    taps.restricted(known)
    stranger = _restricted("stranger@example.fi")
    assert _answer(client, place, card_number(known)) == _answer(client, place, card_number(stranger))


@pytest.mark.parametrize("reason", REASONS)
def test_the_person_sees_the_reason(db, reason):
    place, person = kahvila_kaisa(), REASONS[reason]("aino@example.fi")
    taps.record([taps.scan(card_number(person))], place)
    newest = entries_of([person.person_id])[0]
    assert (newest.kind, newest.payload["reason"], newest.recipient_id) == (
        "visit_refused",
        reason,
        place.third_party_id,
    )
    assert "not told why" in str(reading_of(newest).line)


@pytest.mark.parametrize("reason", REASONS)
def test_no_visit_and_no_relationship_comes_of_it(db, reason):
    place, person = kahvila_kaisa(), REASONS[reason]("aino@example.fi")
    result = taps.record([taps.scan(card_number(person))], place)[0]
    assert (result.visit_id, result.member_number, result.values) == (None, None, {})


@pytest.mark.parametrize("reason", REASONS)
def test_a_card_that_is_too_weak_there_tells_no_more_of_whoever_is_not_accepted(db, client, reason):
    place, person = kahvila_kaisa(), REASONS[reason]("aino@example.fi")
    plain = _answer(client, place, card_number(person))
    demand_levels(identify="rotating", redeem="rotating", by=owner_of(place), at=now())
    assert _answer(client, place, card_number(person)) == plain
