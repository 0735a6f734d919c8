"""R-REG-1: an unregistered card collects stamps; its visits stay under the card, 90 days; a claim brings them along."""

from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of
from kliento.domain.cards.models import Card, Claim, Medium
from kliento.domain.cards.queries import decoded, lock_unregistered, media_of, media_of_person, subjects_of
from kliento.domain.claiming.actions import claim_card, forget_card, purge_unregistered, undo_claim
from kliento.domain.claiming.queries import card_behind, describe_subject, what_it_brings
from kliento.domain.people.models import Person
from kliento.domain.programmes.models import LedgerEntry, Membership
from kliento.domain.rights.actions import close_account, download
from kliento.domain.sharing.models import Grant, Relationship
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.kernel.errors import Conflict, Invalid, NotFound
from tests import programmes, taps
from tests.blanks import blank_card, card_of, claimed, code_for, shown, stamps_of
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


def days(number: float):
    return NOON + timedelta(days=number)


def test_an_unregistered_card_collects_from_its_first_visit_and_discloses_nothing():
    kaisa = kahvila_kaisa()
    programmes.coffee_card(programmes.owner_of(kaisa), fields=("first_name",))
    people = Person.objects.count()
    first = shown(number := blank_card(), kaisa)
    second = shown(number, kaisa, at=taps.later(hours=1))
    assert [first.outcome, second.outcome] == [Outcome.UNCLAIMED] * 2
    assert (first.values, second.values) == ({}, {})
    assert second.stamps is not None
    assert second.stamps.balance == 2
    assert Person.objects.count() == people
    assert not Grant.objects.exists()
    assert Card.objects.get(id=card_of(first)).person_id is None


def test_a_claim_brings_visits_stamps_and_activity_once():
    kaisa, kunto, aino = kahvila_kaisa(), kuntosali_kunto(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa), days=200)
    number = blank_card()
    card_id = card_of(shown(number, kaisa))
    shown(number, kunto, at=taps.later(hours=1))
    code = code_for(number, kaisa, at=taps.later(hours=2))
    ends = set(LedgerEntry.objects.filter(kind="earned").values_list("expires_at", flat=True))
    brought = what_it_brings(code, by=aino, at=taps.later(hours=2))
    assert brought is not None
    assert {
        (place.third_party_id, place.visits, place.stamps and place.stamps.balance) for place in brought.places
    } == {
        (kaisa.third_party_id, 2, 2),
        (kunto.third_party_id, 1, None),
    }
    claim_card(code, by=aino, at=taps.later(hours=3))
    assert subjects_of(aino.person_id) == [aino.person_id, card_id]
    assert (stamps_of(aino.person_id), stamps_of(card_id)) == ([2], [0])
    moved = LedgerEntry.objects.filter(kind="moved", amount__gt=0)
    assert set(moved.values_list("expires_at", flat=True)) == ends
    assert not Grant.objects.exists()
    kinds = [entry.kind for entry in entries_of(subjects_of(aino.person_id))]
    assert kinds.count("visit") == 3
    assert {"card_claimed", "claim_code_given"} <= set(kinds)
    with pytest.raises(NotFound):
        claim_card(code, by=aino, at=taps.later(hours=4))
    assert stamps_of(aino.person_id) == [2]
    assert shown(number, kaisa, at=taps.later(hours=5)).outcome is Outcome.IDENTIFIED
    assert stamps_of(aino.person_id, at=taps.later(hours=5)) == [3]


def test_a_programme_that_shows_something_waits_until_the_person_takes_it_into_use():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programme = programmes.coffee_card(programmes.owner_of(kaisa), fields=("first_name",))
    claimed(blank_card(), kaisa, aino)
    membership = Membership.objects.get(subject_id=aino.person_id)
    assert membership.ended_at is not None
    assert not Grant.objects.exists()
    programmes.takes(aino, programme, at=taps.later(hours=1))
    assert stamps_of(aino.person_id) == [1]


def test_of_two_who_claim_at_once_exactly_one_gets_the_card():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    programmes.coffee_card(programmes.owner_of(kaisa))
    code = code_for(blank_card(), kaisa)
    start, answers = Barrier(2), []

    def claim(person):
        try:
            start.wait()
            claim_card(code, by=person, at=taps.later(minutes=1))
            answers.append("claimed")
        except NotFound as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    both = [Thread(target=claim, args=(person,)) for person in (aino, eino)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answers) == ["claimed", "wrong_claim_code"]
    assert Claim.objects.count() == 1
    assert sorted(stamps_of(aino.person_id) + stamps_of(eino.person_id)) == [1]


def test_a_visit_while_the_card_is_being_claimed_brings_the_person_its_stamp():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))
    card_id = card_of(shown(number := blank_card(), kaisa))
    code = code_for(number, kaisa)

    def closing(act):
        try:
            act()
        finally:
            connections.close_all()

    acts = [
        lambda: claim_card(code, by=aino, at=taps.later(minutes=1)),
        lambda: shown(number, kaisa, at=taps.later(minutes=20)),
    ]
    waiting = [Thread(target=closing, args=(act,)) for act in acts]
    with transaction.atomic():
        lock_unregistered([card_id])
        for thread in waiting:
            thread.start()
            thread.join(0.3)
    for thread in waiting:
        thread.join()
    assert (stamps_of(aino.person_id), stamps_of(card_id)) == ([2], [0])


def test_a_claim_can_be_undone_for_seven_days_and_the_card_is_on_its_own_again():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))
    card_id = card_of(shown(number := blank_card(), kaisa))
    claim_id = claimed(number, kaisa, aino, at=taps.later(hours=1))
    undo_claim(claim_id, by=aino, at=days(6.9))
    undo_claim(claim_id, by=aino, at=days(6.95))
    assert subjects_of(aino.person_id) == [aino.person_id]
    assert (stamps_of(aino.person_id), stamps_of(card_id)) == ([0], [2])
    assert not Relationship.objects.filter(continues_as__isnull=False).exists()
    again = shown(number, kaisa, at=days(7))
    assert again.outcome is Outcome.UNCLAIMED
    assert card_of(again) == card_id


def test_a_code_works_once_even_when_the_claim_was_undone():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    code = code_for(blank_card(), kaisa)
    undo_claim(claim_card(code, by=aino, at=taps.later(minutes=1)), by=aino, at=taps.later(minutes=2))
    for person in (aino, eino):
        with pytest.raises(NotFound):
            claim_card(code, by=person, at=taps.later(minutes=3))


def test_after_seven_days_and_for_somebody_else_it_cannot_be_undone():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    claim_id = claimed(blank_card(), kaisa, aino)
    with pytest.raises(NotFound):
        undo_claim(claim_id, by=eino, at=days(1))
    with pytest.raises(Conflict, match="seven days"):
        undo_claim(claim_id, by=aino, at=days(7))


def test_a_changed_card_takes_the_place_of_the_old_one_until_it_is_undone():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    old_number, new_number = blank_card(), blank_card()
    claimed(old_number, kaisa, aino)
    (old,) = [medium.id for medium in media_of_person(aino.person_id) if _is(medium.id, old_number)]
    claim_id = claimed(new_number, kaisa, aino, at=taps.later(hours=1), instead_of=old)
    assert shown(old_number, kaisa, at=taps.later(hours=2)).outcome is Outcome.NOT_ACCEPTED
    assert shown(new_number, kaisa, at=taps.later(hours=3)).outcome is Outcome.IDENTIFIED
    assert Visit.objects.filter(subject_id__in=subjects_of(aino.person_id)).count() == 3
    undo_claim(claim_id, by=aino, at=days(1))
    assert shown(old_number, kaisa, at=days(1)).outcome is Outcome.IDENTIFIED
    assert shown(new_number, kaisa, at=days(1)).outcome is Outcome.UNCLAIMED


def test_a_phone_and_media_of_others_cannot_be_replaced():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    code = code_for(blank_card(), kaisa)
    phone = Medium.objects.get(card__person=aino.person_id, kind="phone")
    others = Medium.objects.get(card__person=eino.person_id, kind="printed")
    for medium in (phone, others):
        with pytest.raises(Invalid):
            claim_card(code, instead_of=medium.id, by=aino, at=NOON)
    assert not Claim.objects.exists()
    claim_card(code, by=aino, at=NOON)


def test_visits_of_a_card_nobody_claims_are_forgotten_after_ninety_days_and_its_stamps_stay_good():
    kaisa = kahvila_kaisa()
    programmes.coffee_card(programmes.owner_of(kaisa))
    number = blank_card()
    card_id = card_of(shown(number, kaisa))
    shown(number, kaisa, at=days(60))
    assert purge_unregistered(at=days(89)) == 0
    assert purge_unregistered(at=days(90)) == 1
    assert Visit.objects.filter(subject_id=card_id).count() == 1
    assert Visit.objects.count() == 2
    assert not Entry.objects.filter(subject_id=card_id, at__lt=days(1)).exists()
    member = Membership.objects.get(subject_id=card_id)
    assert set(LedgerEntry.objects.filter(membership_id=member.id).values_list("kind", flat=True)) == {"moved"}
    assert stamps_of(card_id) == [2]
    assert purge_unregistered(at=days(151)) == 1
    assert not Visit.objects.filter(subject_id=card_id).exists()
    assert shown(number, kaisa, at=days(151)).stamps.balance == 3


def test_no_visit_outlives_its_time_however_many_cards_there_are():
    kaisa = kahvila_kaisa()
    for _each in range(5):
        shown(blank_card(), kaisa)
    assert purge_unregistered(at=days(90), at_once=2) == 5
    assert not Visit.objects.filter(subject_id__isnull=False).exists()


def test_the_clock_spares_what_somebody_claimed():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    claimed(blank_card(), kaisa, aino)
    assert purge_unregistered(at=days(400)) == 0
    assert Visit.objects.filter(subject_id__in=subjects_of(aino.person_id)).count() == 1


def test_with_number_and_claim_code_the_holder_sees_and_deletes_what_is_kept():
    kaisa = kahvila_kaisa()
    programmes.coffee_card(programmes.owner_of(kaisa))
    code = code_for(number := blank_card(), kaisa)
    card_id = card_behind(number, code, at=NOON)
    assert card_id is not None
    document = describe_subject(card_id)
    assert [visit["third_party"] for visit in document["visits"]] == ["Kahvila Kaisa"]
    assert len(document["loyalty_cards"]) == 1
    forget_card(card_id, at=NOON)
    assert card_behind(number, code, at=NOON) is None
    for model in (Visit, Entry, Membership, LedgerEntry, Relationship):
        assert not model.objects.filter(subject_id=card_id).exists()
    assert shown(number, kaisa, at=taps.later(hours=1)).outcome is Outcome.UNKNOWN


def test_the_number_of_one_card_with_the_code_of_another_opens_nothing():
    kaisa = kahvila_kaisa()
    numbers = [blank_card(), blank_card()]
    codes = [code_for(number, kaisa) for number in numbers]
    assert card_behind(numbers[0], codes[1], at=NOON) is None
    assert card_behind(numbers[0], "", at=NOON) is None
    assert card_behind("", codes[0], at=NOON) is None
    assert card_behind(numbers[0], codes[0], at=days(31)) is None


def test_what_was_claimed_is_in_the_download_and_goes_with_the_account():
    kaisa, aino = kahvila_kaisa(), taps.aino()
    programmes.coffee_card(programmes.owner_of(kaisa))
    claimed(number := blank_card(), kaisa, aino)
    card_id = subjects_of(aino.person_id)[1]
    document = download(aino, at=taps.later(hours=1))
    assert [len(card["visits"]) for card in document["claimed_cards"]] == [1]
    close_account(aino, language="en", at=days(7))
    for model in (Visit, Entry, Membership, LedgerEntry, Relationship, Claim):
        assert not model.objects.filter(subject_id__in=[card_id, aino.person_id]).exists()
    assert not Card.objects.filter(id=card_id).exists()
    assert shown(number, kaisa, at=days(7)).outcome is Outcome.UNKNOWN


def test_a_chain_of_claims_and_undoings_keeps_every_stamp():
    kaisa, aino, eino = kahvila_kaisa(), taps.aino(), taps.cardholder("eino@example.fi", "Eino")
    programmes.coffee_card(programmes.owner_of(kaisa))
    number = blank_card()
    for person, moment in ((aino, 0), (eino, 1), (aino, 2)):
        claim_id = claimed(number, kaisa, person, at=days(moment))
        undo_claim(claim_id, by=person, at=days(moment + 0.5))
    card_id = card_of(shown(number, kaisa, at=days(3)))
    assert (stamps_of(card_id), stamps_of(aino.person_id), stamps_of(eino.person_id)) == ([4], [0], [0])
    for member in Membership.objects.all():
        entries = list(LedgerEntry.objects.filter(membership_id=member.id).order_by("number"))
        assert all(two.balance == one.balance + two.amount for one, two in pairwise(entries))


def _is(medium_id, number):
    (found,) = media_of([decoded(number)])
    return found is not None and found.medium_id == medium_id
