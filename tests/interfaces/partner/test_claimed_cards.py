"""A card that was claimed goes on as its person's membership: its third party sees that, and nobody else."""

from datetime import timedelta

import pytest

from kliento.domain.cards.models import Claim
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.claiming.actions import claim_card, undo_claim
from kliento.domain.people.models import Person
from kliento.domain.sharing.models import Relationship
from kliento.domain.visits.rules import Outcome
from kliento.kernel.clock import now
from kliento.web.reading import member_number
from tests import taps
from tests.blanks import blank_card, card_of, claimed, code_for, shown
from tests.phone import phone_of, text_of
from tests.portal import operator, portal_of
from tests.world import kahvila_kaisa, kuntosali_kunto, relation_of

pytestmark = pytest.mark.usefixtures("db")


def number_of(card_id) -> str:
    return Relationship.objects.get(subject_id=card_id).member_number


def test_the_cards_page_says_as_whom_it_goes_on_and_the_list_shows_one_of_them():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    portal = portal_of(operator(kaisa))
    code_for(number := blank_card(at=at), kaisa, at=at)
    card = number_of(card_of(shown(number, kaisa, at=at)))
    unclaimed = text_of(portal.get(f"/partner/members/{card}"))
    assert "A card without an account" in unclaimed
    assert "Ask for a detail" not in unclaimed
    before = text_of(portal.get("/partner/members"))
    assert f"/partner/members/{card}" in before
    assert "Card without an account" in before

    claim_id = claimed(number, kaisa, aino, at=at)
    mine = relation_of(aino, kaisa).member_number
    listed = text_of(portal.get("/partner/members"))
    assert "Card without an account" not in listed
    assert (f"/partner/members/{mine}" in listed, f"/partner/members/{card}" in listed) == (True, False)
    assert f"/partner/members/{card}" in text_of(portal.get("/partner/members", {"number": card}))
    goes_on = text_of(portal.get(f"/partner/members/{card}"))
    assert f"It goes on as member {member_number(mine)}" in goes_on
    assert f'href="/partner/members/{mine}"' in goes_on
    claims = text_of(portal.get("/partner/claims"))
    assert "stands only as which member number of yours it goes on" in claims
    assert "Not by whom" not in claims
    assert mine not in claims
    assert f'href="/partner/members/{card}"' in text_of(portal.get(f"/partner/members/{mine}"))
    file = b"".join(portal.post("/partner/members.csv", {"fields": "first_name"})).decode()
    assert (member_number(mine) in file or mine in file, card in file) == (True, False)

    undo_claim(claim_id, by=aino, at=at)
    assert f"/partner/members/{card}" in text_of(portal.get("/partner/members"))
    assert mine not in text_of(portal.get(f"/partner/members/{card}"))


def test_nobody_else_learns_of_either_number():
    at = now()
    kaisa, kunto, aino = kahvila_kaisa(at=at), kuntosali_kunto(at=at), taps.cardholder(at=at)
    number = blank_card(at=at)
    claimed(number, kaisa, aino, at=at)
    shown(number, kunto, at=at)
    others = portal_of(operator(kunto, address="kunto@example.fi"))
    for relation in Relationship.objects.filter(third_party=kaisa.third_party_id):
        assert others.get(f"/partner/members/{relation.member_number}").status_code == 404
        assert relation.member_number not in text_of(others.get("/partner/members"))


def test_of_whoever_is_leaving_nothing_more_is_told():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    number = blank_card(at=at)
    card = number_of(card_of(shown(number, kaisa, at=at)))
    claimed(number, kaisa, aino, at=at)
    mine = relation_of(aino, kaisa).member_number
    Person.objects.filter(id=aino.person_id).update(state="erasing")
    assert mine not in text_of(portal_of(operator(kaisa)).get(f"/partner/members/{card}"))


def test_one_visit_with_two_cards_reads_as_one_on_both_sides():
    at = now()
    kaisa, aino = kahvila_kaisa(at=at), taps.cardholder(at=at)
    portal, phone = portal_of(operator(kaisa)), phone_of(aino)
    old = card_number(aino)
    taps.record([taps.scan(old, occurred_at=at - timedelta(minutes=4))], kaisa, at=at)
    own = next(view.id for view in media_of_person(aino.person_id) if view.is_own_number)
    code = code_for(number := blank_card(at=at), kaisa, at=at)
    same = "Same visit, another card"
    assert text_of(portal.get("/partner/visits")).count(same) == 0
    claim_id = claim_card(code, instead_of=own, by=aino, at=at)
    for page in ("/partner/visits", "/partner/today"):
        assert text_of(portal.get(page)).count(same) == 2, page  # the row, and what that means for the figures
        assert "The figures count both." in text_of(portal.get(page)), page
    assert same in b"".join(portal.get("/partner/visits.csv")).decode()
    card = number_of(Claim.objects.get().subject_id)
    assert same in text_of(portal.get(f"/partner/members/{card}"))
    mine = relation_of(aino, kaisa).member_number
    assert same not in text_of(portal.get(f"/partner/members/{mine}"))  # that is the visit
    assert text_of(phone.get("/me/activity")).count(same) == 1
    [refused] = taps.record([taps.scan(old, occurred_at=at)], kaisa, at=at)
    assert refused.outcome is Outcome.NOT_ACCEPTED  # no till learns more
    assert "or another one has taken its place" in text_of(phone.get("/me/activity"))
    shown(number, kaisa, at=at)
    assert text_of(portal.get("/partner/visits")).count(same) == 2
    undo_claim(claim_id, by=aino, at=at)
    assert same not in text_of(portal.get("/partner/visits"))
    assert same not in text_of(phone.get("/me/activity"))


def test_visits_of_two_people_at_once_are_two_visits():
    at = now()
    kaisa, aino, eino = kahvila_kaisa(at=at), taps.cardholder(at=at), taps.cardholder("eino@example.fi", at=at)
    claimed(blank_card(at=at), kaisa, aino, at=at)
    taps.tap(eino, kaisa, at=at)
    assert "Same visit" not in text_of(portal_of(operator(kaisa)).get("/partner/visits"))
