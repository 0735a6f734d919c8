"""R-ISS-1: data goes to an issuer only while a card of theirs is in use, only what the person saw when they took it."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.gate.actions import Refused, ThirdPartyRecipient, disclose
from kliento.domain.programmes.actions import (
    change_programme,
    close_programme,
    open_programme,
    put_out_of_use,
    take_into_use,
)
from kliento.domain.programmes.queries import loyalty_cards_of, programme_by, programme_of
from kliento.kernel.actor import OperatorActor
from kliento.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import taps
from tests.programmes import coffee_card, owner_of, takes
from tests.taps import later
from tests.world import NOON, kahvila_kaisa, kuntosali_kunto

ASKED = ("first_name", "phone")


@pytest.fixture
def cafe(db):
    """A café whose card asks for the first name: (place, owner, programme)."""
    place = kahvila_kaisa()
    owner = owner_of(place)
    return place, owner, coffee_card(owner, fields=["first_name"])


def read_by(place, person, *, at=NOON) -> dict[str, str]:
    """What the issuer gets when it asks for everything."""
    try:
        to = ThirdPartyRecipient(place.third_party_id)
        return dict(disclose(person.person_id, to=to, purpose="programme", fields=ASKED, at=at).values)
    except Refused:
        return {}


def test_before_the_card_is_taken_nothing_goes_to_the_issuer(cafe):
    place, _owner, _programme = cafe
    aino = taps.aino()
    taps.tap(aino, place)
    assert read_by(place, aino) == {}


def test_what_the_person_saw_goes_to_the_issuer_and_nothing_else(cafe):
    place, _owner, programme = cafe
    aino = taps.aino()
    seen = programme_of(programme.id)
    assert (seen.fields, seen.reason) == (("first_name",), "We greet you by name.")
    takes(aino, programme)
    assert read_by(place, aino) == {"first_name": "Aino"}
    assert read_by(kuntosali_kunto(), aino) == {}


def test_taking_the_card_is_entered_with_exactly_those_fields(cafe):
    place, _owner, programme = cafe
    aino = takes(taps.aino(), programme)
    newest = entries_of([aino.person_id])[0]
    assert (newest.kind, newest.fields, newest.purpose, newest.recipient_id) == (
        "loyalty_card_taken",
        ("first_name",),
        "programme",
        place.third_party_id,
    )


def test_out_of_use_stops_it_with_the_next_read(cafe):
    place, _owner, programme = cafe
    aino = takes(taps.aino(), programme)
    put_out_of_use(aino.person_id, programme.id, by=aino, at=later(minutes=1))
    assert read_by(place, aino, at=later(minutes=1)) == {}


def test_closing_the_programme_stops_it_for_everybody(cafe):
    place, owner, programme = cafe
    people = [takes(taps.cardholder(f"p{number}@example.fi"), programme) for number in range(3)]
    close_programme(by=owner, at=later(minutes=1))
    assert [read_by(place, person, at=later(minutes=2)) for person in people] == [{}, {}, {}]
    assert [card.is_in_use for person in people for card in loyalty_cards_of(person.person_id, at=NOON)] == [False] * 3
    assert programme_by(place.third_party_id) is None


def test_nobody_agrees_to_what_they_did_not_see(cafe):
    place, owner, programme = cafe
    aino = taps.aino()
    change_programme(
        name="Bun card", reward="A bun", stamps_needed=9, most_a_day=1, stamps_last_days=30, by=owner, at=NOON
    )
    with pytest.raises(Conflict) as refused:
        take_into_use(aino.person_id, programme.id, version=programme.version, by=aino, at=NOON)
    assert refused.value.code == "programme_changed"
    assert read_by(place, aino) == {}


def test_a_new_programme_gets_nothing_from_the_card_of_the_old_one(cafe):
    place, owner, programme = cafe
    aino = takes(taps.aino(), programme)
    close_programme(by=owner, at=later(minutes=1))
    coffee_card(owner, fields=["first_name", "phone"], at=later(minutes=2))
    assert read_by(place, aino, at=later(minutes=3)) == {}


@pytest.mark.parametrize("field", ["allergies", "gender", "member_number", "no_such_thing"])
def test_a_programme_cannot_ask_for_what_the_declaration_does_not_let_it_have(db, field):
    with pytest.raises(Invalid):
        coffee_card(owner_of(kahvila_kaisa()), fields=[field])


def test_a_programme_that_asks_says_why(db):
    with pytest.raises(Invalid) as refused:
        open_programme(
            name="Card", reward="A coffee", stamps_needed=3, fields=["phone"], by=owner_of(kahvila_kaisa()), at=NOON
        )
    assert refused.value.fields.keys() == {"reason"}


def test_only_the_person_takes_a_card_and_only_who_may_runs_a_programme(cafe):
    _place, owner, programme = cafe
    aino, eino = taps.aino(), taps.cardholder("eino@example.fi")
    with pytest.raises(NotAllowed):
        take_into_use(aino.person_id, programme.id, version=programme.version, by=eino, at=NOON)
    with pytest.raises(NotAllowed):
        put_out_of_use(aino.person_id, programme.id, by=owner, at=NOON)
    at_till = OperatorActor(owner.account_id, owner.third_party_id, owner.operator_id, "till")
    with pytest.raises(NotAllowed):
        close_programme(by=at_till, at=NOON)


def test_a_closed_programme_cannot_be_taken(cafe):
    _place, owner, programme = cafe
    close_programme(by=owner, at=NOON)
    aino = taps.aino()
    with pytest.raises(NotFound):
        take_into_use(aino.person_id, programme.id, version=programme.version, by=aino, at=NOON)
