"""Issuing, showing and blocking cards."""

import pytest
from django.db import connection

from kliento.domain.activity.queries import entries_of
from kliento.domain.cards import rules
from kliento.domain.cards.actions import block_media, codes_for, erase_person, issue_card, purge_spent_codes
from kliento.domain.cards.models import Card, Medium, SpentCode
from kliento.domain.cards.queries import card_number, describe_person
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id
from tests import taps
from tests.taps import later
from tests.world import NOON, aino, kahvila_kaisa


def test_a_person_has_one_card_however_often_it_is_asked_for(db):
    person = aino()
    card = issue_card(person.person_id, at=NOON)
    assert issue_card(person.person_id, at=later(minutes=1)) == card
    assert [entry.kind for entry in entries_of([person.person_id])].count("card_issued") == 1


def test_nobody_who_does_not_exist_gets_a_card(db):
    with pytest.raises(NotFound):
        issue_card(new_id(), at=NOON)


def test_the_number_is_for_its_holder_and_stands_nowhere_in_clear(db):
    person = aino()
    issue_card(person.person_id, at=NOON)
    number = card_number(person)
    assert rules.is_number(number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cards_medium")
        stored = repr([[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor.fetchall()])
    assert number not in stored
    assert number[2:] not in stored


def test_prefetched_codes_are_the_ones_shown_later(db):
    person = taps.cardholder()
    slot = rules.slot_at(NOON)
    prefetched = codes_for(person, from_slot=slot, count=240)
    assert len(set(prefetched)) == 240
    assert codes_for(person, from_slot=slot + 7) == [prefetched[7]]


@pytest.mark.parametrize("count", [0, 241])
def test_no_more_codes_than_two_hours_are_given(db, count):
    with pytest.raises(Invalid):
        codes_for(taps.cardholder(), from_slot=1, count=count)


def test_a_blocked_phone_gets_no_codes(db):
    person = taps.cardholder()
    block_media(person.person_id, at=NOON)
    with pytest.raises(NotFound):
        codes_for(person, from_slot=1)


def test_after_erasure_a_code_is_as_unknown_as_a_guess(db):
    person, place = taps.cardholder(), kahvila_kaisa()
    codes = [taps.code_of(person), card_number(person)]
    erase_person(person.person_id, at=NOON)
    assert not Card.objects.exists()
    assert not Medium.objects.exists()
    assert {taps.record([taps.scan(code)], place)[0].outcome for code in codes} == {Outcome.UNKNOWN}


def test_a_spent_code_is_remembered_until_no_till_can_hand_it_in(db):
    person, place = taps.cardholder(), kahvila_kaisa()
    taps.tap(person, place)
    assert purge_spent_codes(at=later(days=7)) == 0
    assert purge_spent_codes(at=later(days=7, hours=2)) == 1
    assert not SpentCode.objects.exists()


def test_the_download_tells_of_the_card(db):
    person = taps.cardholder()
    described = describe_person(person.person_id)["card"]
    assert [medium["level"] for medium in described["media"]] == ["rotating", "static"]
