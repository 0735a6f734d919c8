"""Loyalty cards: offered with exactly what goes to the issuer, collected, put away."""

import re
from datetime import timedelta

import pytest

from kliento.domain.cards.actions import issue_card
from kliento.domain.programmes.actions import change_programme, close_programme, open_programme
from kliento.kernel.clock import now
from kliento.kernel.ids import new_id
from tests.phone import phone_of, text_of
from tests.taps import tap
from tests.world import aino, kahvila_kaisa, operator, relation_of, stores

APART = timedelta(minutes=15)


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    person = stores(aino(at=now()), at=now(), first_name="Aino", phone="0401234567")
    issue_card(person.person_id, at=now())
    return person


@pytest.fixture
def phone(me):
    return phone_of(me)


@pytest.fixture
def owner(kaisa):
    return operator(kaisa)


@pytest.fixture
def card(owner):
    return open_programme(
        name="Kaisan kortti",
        reward="Kahvi ja pulla",
        stamps_needed=3,
        fields=["first_name"],
        reason="To greet you by name.",
        most_a_day=9,
        by=owner,
        at=now(),
    )


def uses(phone, card, **sent):
    return phone.post(f"/me/wallet/{card.id}/use", {"version": card.version} | sent, follow=True)


def granted(me, kaisa) -> set[tuple[str, str]]:
    return {(grant.purpose, grant.field) for grant in relation_of(me, kaisa).grants}


def test_the_offer_shows_what_would_go_to_the_issuer_and_why(phone, card):
    assert "Kahvi ja pulla for 3 stamps" in text_of(phone.get("/me/wallet"))
    page = text_of(phone.get(f"/me/wallet/{card.id}"))

    for said in ["What they would get", "First name", "Aino", "To greet you by name.", "Take into use", "Not now"]:
        assert said in page
    assert set(re.findall(r'class="button button-(\w+)"', page)) == {"quiet"}


def test_a_card_in_use_stands_under_the_kliento_card_with_its_stamps(phone, me, kaisa, card):
    uses(phone, card)
    tap(me, kaisa, at=now())
    tap(me, kaisa, at=now() + APART)

    for path in ["/me/", "/me/wallet", f"/me/sharing/{kaisa.third_party_id}"]:
        page = text_of(phone.get(path))
        assert "2 of 3 stamps" in page, path
        assert "In use" in page, path
    page = text_of(phone.get(f"/me/wallet/{card.id}"))
    assert page.count("stamp-earned") == 2
    assert page.count("1 stamp for a visit") == 2


def test_the_reward_is_told_when_it_is_there(phone, me, kaisa, card):
    uses(phone, card)
    for number in range(3):
        tap(me, kaisa, at=now() + number * APART)

    assert "Yours now: Kahvi ja pulla." in text_of(phone.get(f"/me/wallet/{card.id}"))


def test_more_stamps_than_a_reward_takes_read_as_a_reward_that_is_ready(phone, me, kaisa, card):
    uses(phone, card)
    for number in range(4):
        tap(me, kaisa, at=now() + number * APART)

    for path in ["/me/", "/me/wallet", f"/me/wallet/{card.id}", f"/me/sharing/{kaisa.third_party_id}"]:
        assert "Reward ready · 4 stamps" in text_of(phone.get(path)), path
    assert "Visit · Reward ready · 4 stamps · " in text_of(phone.get("/me/activity"))


def test_out_of_use_stops_it_and_the_stamps_wait(phone, me, kaisa, card):
    uses(phone, card)
    tap(me, kaisa, at=now())

    phone.post(f"/me/wallet/{card.id}/end")
    assert granted(me, kaisa) == set()
    assert "Out of use, stamps wait" in text_of(phone.get("/me/wallet"))
    assert "Kaisan kortti" not in text_of(phone.get("/me/"))
    assert "1 of 3 stamps" in text_of(uses(phone, card))


def test_changed_terms_are_shown_again_and_nothing_goes(phone, owner, card):
    change_programme(
        name=card.terms.name,
        reward="Kahvi",
        stamps_needed=9,
        most_a_day=1,
        stamps_last_days=None,
        by=owner,
        at=now(),
    )

    answer = uses(phone, card)
    assert answer.status_code == 409
    assert "Nothing was shared." in text_of(answer)
    assert "At 9 stamps: Kahvi" in text_of(answer)
    assert "No loyalty card is in use yet." in text_of(phone.get("/me/wallet"))


@pytest.mark.parametrize("version", ["", "one", "-1", "9" * 40])
def test_without_the_version_that_was_seen_nothing_is_taken_into_use(phone, card, version):
    assert uses(phone, card, version=version).status_code == 400


def test_a_closed_programme_is_not_offered_and_its_card_stays_to_be_read(phone, owner, card):
    uses(phone, card)
    close_programme(by=owner, at=now())

    assert "Closed by them" in text_of(phone.get("/me/wallet"))
    page = text_of(phone.get(f"/me/wallet/{card.id}"))
    assert "They have closed this card" in page
    assert "Take into use" not in page
    assert phone.get(f"/me/wallet/{new_id()}").status_code == 404


def test_changed_terms_of_a_card_in_use_stand_in_activity_and_on_its_page(phone, card, owner):
    uses(phone, card)
    change_programme(
        name="Kaisan kortti",
        reward="Kahvi",
        stamps_needed=5,
        most_a_day=9,
        stamps_last_days=30,
        by=owner,
        at=now(),
    )
    changes = [
        "the reward is Kahvi, it was Kahvi ja pulla",
        "stamps for the reward: 5, they were 3",
        "a new stamp lasts: 30 days, it was without an end",
    ]
    feed, page = text_of(phone.get("/me/activity")), text_of(phone.get(f"/me/wallet/{card.id}"))
    assert f"They changed the terms of their loyalty card: {'; '.join(changes)}" in feed
    for change in [*changes, "Stamps you had keep the end they had."]:
        assert change in page
    assert "a day, at most" not in page


def test_the_same_terms_again_are_no_change(phone, card, owner):
    uses(phone, card)
    same = {"name": "Kaisan kortti", "reward": "Kahvi ja pulla", "stamps_needed": 3, "most_a_day": 9}
    assert change_programme(**same, stamps_last_days=None, by=owner, at=now()).version == card.version
    assert "They changed the terms" not in text_of(phone.get("/me/activity"))
