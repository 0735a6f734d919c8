"""R-ISS-1 on the pages: what goes to the issuer is what the programme declares and the person saw, no more, no less."""

import re

import pytest

from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.policy.queries import register
from kliento.domain.profile.actions import remove_value
from kliento.domain.programmes.actions import open_programme
from kliento.domain.sharing.queries import relations
from kliento.kernel.clock import now
from tests.phone import phone_of, text_of
from tests.world import aino, kahvila_kaisa, operator, stores

PROGRAMME = "programme"
VALUES = {"first_name": "Aino", "last_name": "Virtanen", "phone": "+358401234567", "email": "aino@posti.example"}


@pytest.fixture
def kaisa(db):
    return kahvila_kaisa(at=now())


@pytest.fixture
def me(kaisa):
    return stores(aino(at=now()), at=now(), **VALUES)


@pytest.fixture
def phone(me):
    return phone_of(me)


def offered(kaisa, *fields: str):
    return open_programme(
        name="Kaisan kortti",
        reward="Kahvi",
        stamps_needed=10,
        fields=fields,
        reason="To greet you and to call you.",
        by=operator(kaisa),
        at=now(),
    )


def shown_on(page: str) -> set[str]:
    """The details whose values stand on the page."""
    return set(re.findall(r'<div class="ask" id="(\w+)">', page))


def got_by(kaisa, me) -> set[str]:
    """Everything the issuer gets by asking for all a programme could be given."""
    everything = sorted(register().purpose(PROGRAMME).fields - {"member_number", "visits", "loyalty"})
    try:
        to = ThirdPartyRecipient(kaisa.third_party_id)
        return set(disclose(me.person_id, to=to, purpose=PROGRAMME, fields=everything, at=now()).values)
    except Refused:
        return set()


@pytest.mark.parametrize("fields", [("first_name",), ("first_name", "phone"), ("email", "last_name", "phone")])
def test_the_page_shows_exactly_what_the_programme_declares_and_that_is_what_goes(phone, me, kaisa, fields):
    card = offered(kaisa, *fields)
    page = text_of(phone.get(f"/me/wallet/{card.id}"))
    [version] = re.findall(r'name="version" value="(\d+)"', page)

    assert shown_on(page) == set(fields)
    assert {code for code, text in VALUES.items() if text in page} <= set(fields)
    assert "To greet you and to call you." in page
    phone.post(f"/me/wallet/{card.id}/use", {"version": version})
    assert got_by(kaisa, me) == set(fields)
    assert shown_on(text_of(phone.get(f"/me/wallet/{card.id}"))) == set(fields)


def test_looking_at_the_offer_gives_the_issuer_nothing(phone, me, kaisa):
    card = offered(kaisa, "first_name")
    phone.get("/me/wallet")
    phone.get(f"/me/wallet/{card.id}")

    assert got_by(kaisa, me) == set()
    assert relations([(me.person_id, kaisa.third_party_id)]) == {}


def test_what_was_not_shown_cannot_be_taken_into_use(phone, me, kaisa):
    card = offered(kaisa, "first_name")

    assert phone.post(f"/me/wallet/{card.id}/use").status_code == 400
    assert phone.post(f"/me/wallet/{card.id}/use", {"version": card.version + 1}).status_code == 409
    assert phone.post(f"/me/wallet/{card.id}/use", {"version": card.version, "field": "phone"}).status_code == 400
    assert got_by(kaisa, me) == set()


def test_put_out_of_use_on_its_page_nothing_goes_any_more(phone, me, kaisa):
    card = offered(kaisa, "first_name")
    phone.post(f"/me/wallet/{card.id}/use", {"version": card.version})

    assert got_by(kaisa, me) == {"first_name"}
    phone.post(f"/me/wallet/{card.id}/end")
    assert got_by(kaisa, me) == set()


def test_what_a_removed_value_took_along_is_not_said_to_go_and_is_shared_again_by_its_own_button(phone, me, kaisa):
    card = offered(kaisa, "first_name", "phone")
    phone.post(f"/me/wallet/{card.id}/use", {"version": card.version})
    remove_value(me.person_id, "first_name", by=me, at=now())
    stores(me, at=now(), first_name="Aino")
    page = text_of(phone.get(f"/me/wallet/{card.id}"))

    assert got_by(kaisa, me) == {"phone"} == shown_on(page)
    assert re.findall(r'id="lost-(\w+)"', page) == ["first_name"]
    assert "What they do not get any more" in page
    assert "Share it again" in page
    phone.post(f"/me/wallet/{card.id}/use", {"version": card.version})
    page = text_of(phone.get(f"/me/wallet/{card.id}"))
    assert got_by(kaisa, me) == {"first_name", "phone"} == shown_on(page)
    assert "What they do not get any more" not in page
