"""Relationships with numbers of their own, and one switch for each field and third party."""

import secrets
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.queries import standing
from kliento.domain.recipients.models import ThirdParty
from kliento.domain.sharing.actions import (
    end_grant,
    erase_person,
    grant_field,
    grant_special_field,
    open_relationships,
)
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.sharing.queries import companies_of, relations, relationship_by_number
from kliento.domain.sharing.rules import Pair
from kliento.kernel.actor import SystemActor
from kliento.kernel.errors import Invalid, NotAllowed, NotFound
from kliento.kernel.ids import new_id
from tests.world import NOON, aino, eino, kahvila_kaisa, kuntosali_kunto, relation_of, shares


def shared(me, place) -> frozenset[str]:
    return relation_of(me, place).granted("serving", at=NOON)


def kinds(me) -> list[str]:
    return [entry.kind for entry in entries_of([me.person_id]) if entry.kind.startswith("sharing")]


def test_a_member_number_is_eight_digits_and_another_one_everywhere(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    pairs = [Pair(me.person_id, place.third_party_id) for place in (kaisa, kunto)]
    opened = open_relationships(pairs, at=NOON)
    numbers = {opened[pair].member_number for pair in pairs}
    assert len(numbers) == 2
    assert all(len(number) == 8 and number.isdecimal() for number in numbers)


def test_opening_again_gives_the_same_relationship(db):
    pair = Pair(aino().person_id, kahvila_kaisa().third_party_id)
    assert open_relationships([pair], at=NOON) == open_relationships([pair, pair], at=NOON + timedelta(days=1))
    assert Relationship.objects.count() == 1


def test_any_number_of_relationships_is_opened_in_one_statement(db):
    kaisa = kahvila_kaisa().third_party_id
    with CaptureQueriesContext(connection) as captured:
        opened = open_relationships([(new_id(), kaisa) for _ in range(500)], at=NOON)
    assert (len(opened), len(captured)) == (500, 1)
    with CaptureQueriesContext(connection) as captured:
        assert relations(opened) == opened
    assert len(captured) == 1


def test_a_number_that_is_taken_is_drawn_again(db, monkeypatch):
    kaisa = kahvila_kaisa().third_party_id
    draws = iter([7, 7, 7, 8])
    monkeypatch.setattr(secrets, "randbelow", lambda _limit: next(draws))
    [first] = open_relationships([(aino().person_id, kaisa)], at=NOON).values()
    [second] = open_relationships([(eino().person_id, kaisa)], at=NOON).values()
    assert (first.member_number, second.member_number) == ("00000007", "00000008")


def test_a_number_is_found_by_its_own_third_party_alone(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    shares(me, kaisa, "first_name")
    number = relation_of(me, kaisa).member_number
    assert relationship_by_number(kaisa.third_party_id, number).subject_id == me.person_id
    with pytest.raises(NotFound):
        relationship_by_number(kunto.third_party_id, number)


def test_the_switch_is_one_choice_however_often_it_is_pressed(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone", "phone")
    assert (shared(me, kaisa), kinds(me)) == ({"phone"}, ["sharing_started"])
    for _again in range(2):
        end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    assert (shared(me, kaisa), kinds(me)) == (frozenset(), ["sharing_ended", "sharing_started"])


def test_another_end_of_a_grant_is_a_new_choice(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    shares(me, kaisa, "phone", until=NOON + timedelta(days=1))
    [grant] = relation_of(me, kaisa).grants
    assert grant.expires_at == NOON + timedelta(days=1)
    assert Grant.objects.count() == 2


def test_two_tabs_with_opposite_choices_end_in_one_clear_state(db):
    me, kaisa = aino(), kahvila_kaisa()
    together, failures = threading.Barrier(2), []

    def press(act) -> None:
        try:
            for _time in range(10):
                together.wait()
                act(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
        except Exception as failure:  # noqa: BLE001 - shown by the assertion below
            failures.append(failure)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=press, args=[act]) for act in (grant_field, end_grant)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert failures == []
    last = kinds(me)[0]
    assert shared(me, kaisa) == ({"phone"} if last == "sharing_started" else frozenset())
    assert all(one != other for one, other in zip(kinds(me), kinds(me)[1:], strict=False))  # no choice twice in a row


def test_only_the_person_shares(db):
    me, kaisa = aino(), kahvila_kaisa().third_party_id
    for by in (eino(), SystemActor("tests")):
        for act in (grant_field, end_grant):
            with pytest.raises(NotAllowed):
                act(me.person_id, kaisa, "phone", by=by, at=NOON)


@pytest.mark.parametrize(
    ("field", "purpose"),
    [
        ("shoe_colour", "serving"),
        ("login_email", "serving"),
        ("prize_draw_answers", "serving"),
        ("phone", "identification"),
        ("phone", "service"),
        ("phone", "partner_marketing"),
        ("phone", "curiosity"),
    ],
)
def test_only_what_is_declared_for_third_parties_can_be_shared(db, field, purpose):
    me = aino()
    with pytest.raises(Invalid):
        grant_field(me.person_id, kahvila_kaisa().third_party_id, field, purpose=purpose, by=me, at=NOON)


def test_nothing_is_shared_with_whom_nobody_approved_but_sharing_can_always_end(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    ThirdParty.objects.update(state=ThirdParty.State.SUSPENDED)
    with pytest.raises(NotFound):
        shares(me, kaisa, "nickname")
    end_grant(me.person_id, kaisa.third_party_id, "phone", by=me, at=NOON)
    assert shared(me, kaisa) == frozenset()


def test_a_grant_cannot_end_before_it_begins(db):
    me = aino()
    with pytest.raises(Invalid):
        shares(me, kahvila_kaisa(), "phone", until=NOON)


def test_a_special_category_is_shared_by_explicit_consent_for_one_recipient(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    with pytest.raises(NotAllowed) as refused:
        shares(me, kaisa, "allergies")
    assert refused.value.code == "explicit_consent_needed"
    grant_special_field(me.person_id, kaisa.third_party_id, "allergies", by=me, at=NOON)
    assert {choice.recipient_id for choice in standing(me.person_id)} == {kaisa.third_party_id}
    with pytest.raises(NotAllowed):
        shares(me, kunto, "allergies")
    end_grant(me.person_id, kaisa.third_party_id, "allergies", by=me, at=NOON)
    assert standing(me.person_id) == frozenset()


def test_companies_come_newest_first(db):
    me, kaisa, kunto = aino(), kahvila_kaisa(), kuntosali_kunto()
    open_relationships([(me.person_id, kaisa.third_party_id)], at=NOON)
    open_relationships([(me.person_id, kunto.third_party_id)], at=NOON + timedelta(hours=1))
    assert [company.third_party_id for company in companies_of(me.person_id)] == [
        kunto.third_party_id,
        kaisa.third_party_id,
    ]


def test_after_erasure_the_number_stays_taken_and_leads_nowhere(db):
    me, kaisa = aino(), kahvila_kaisa()
    shares(me, kaisa, "phone")
    number = relation_of(me, kaisa).member_number
    with transaction.atomic():
        erase_person(me.person_id, at=NOON)
    with pytest.raises(NotFound):
        relationship_by_number(kaisa.third_party_id, number)
    assert Relationship.objects.get().member_number == number
    assert not Grant.objects.exists()
