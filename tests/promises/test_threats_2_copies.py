"""Threat 2: whoever copies a card gets nowhere unseen; a bare UID counts for little, and nothing falls back to less."""

import re

import pytest

from kliento.domain.activity.queries import entries_of, reading_of
from kliento.domain.cards import rules
from kliento.domain.cards.actions import block_medium, issue_card, replace_number
from kliento.domain.cards.queries import card_number, media_of_person
from kliento.domain.recipients.actions import demand_levels
from kliento.domain.recipients.queries import terminal_actor
from kliento.domain.visits.actions import redeem_at_till
from kliento.domain.visits.models import Visit
from kliento.domain.visits.rules import Outcome
from kliento.interfaces.person.urls import urlpatterns
from kliento.kernel.clock import now
from kliento.kernel.errors import Conflict
from kliento.kernel.ids import new_id
from tests import taps
from tests.media import STICKER, held, sticker, travel_card
from tests.phone import phone_of, text_of
from tests.programmes import coffee_card, owner_of, takes
from tests.taps import later
from tests.world import NOON, aino, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def me():
    return taps.cardholder()


def refusals(person) -> list[str]:
    """The reasons of what was refused, newest first, and that each reads as a sentence."""
    refused = [entry for entry in entries_of([person.person_id]) if entry.kind == "visit_refused"]
    assert all(len(str(reading_of(entry).line)) > 30 for entry in refused)
    return [str(entry.payload["reason"]) for entry in refused]


def test_a_photo_of_the_phone_is_refused_a_minute_later_and_its_holder_sees_where(me):
    kaisa, photo = kahvila_kaisa(), taps.code_of(me)
    assert held(photo, kaisa, at=later(seconds=61)).outcome is Outcome.EXPIRED
    assert refusals(me) == ["code_old"]
    assert entries_of([me.person_id])[0].recipient_id == kaisa.third_party_id
    assert not Visit.objects.exists()


def test_a_code_that_was_used_is_refused_elsewhere_and_its_holder_sees_where(me):
    kaisa, kunto, code = kahvila_kaisa(), kuntosali_kunto(), taps.code_of(me)
    assert held(code, kaisa).outcome is Outcome.IDENTIFIED
    assert held(code, kunto, at=later(seconds=5)).outcome is Outcome.REPLAYED
    assert refusals(me) == ["code_used"]
    assert entries_of([me.person_id])[0].recipient_id == kunto.third_party_id


def test_showing_it_twice_at_one_till_is_no_news(me):
    kaisa, code = kahvila_kaisa(), taps.code_of(me)
    held(code, kaisa)
    assert held(code, kaisa, at=later(seconds=5)).outcome is Outcome.REPLAYED
    assert refusals(me) == []


def test_a_copy_of_a_printed_card_is_refused_once_its_number_was_replaced_and_shown(me):
    kaisa, copied = kahvila_kaisa(), card_number(me)
    own = next(medium.id for medium in media_of_person(me.person_id) if medium.is_own_number)
    replace_number(me.person_id, own, by=me, at=NOON)
    assert held(copied, kaisa).outcome is Outcome.NOT_ACCEPTED
    assert refusals(me) == ["medium_blocked"]


@pytest.mark.parametrize("add", [sticker, travel_card])
def test_a_bare_uid_is_the_lowest_level(me, add):
    medium_id = add(me)
    [medium] = [one for one in media_of_person(me.person_id) if one.id == medium_id]
    assert medium.level == rules.LEVELS[0] == "uid"
    assert not any(rules.at_least(medium.level, level) for level in rules.LEVELS[1:])


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [("uid", {"uid", "static", "rotating"}), ("static", {"static", "rotating"}), ("rotating", {"rotating"})],
)
def test_a_shop_that_asks_for_more_gets_it_or_nothing(me, wanted, taken):
    kaisa = kahvila_kaisa()
    demand_levels(identify=wanted, redeem=wanted, by=owner_of(kaisa), at=NOON)
    sticker(me)
    codes = {"uid": STICKER, "static": card_number(me)}
    outcomes = {level: held(code, kaisa) for level, code in codes.items()}
    outcomes["rotating"] = held(taps.code_of(me, at=later(minutes=20)), kaisa, at=later(minutes=20))
    assert {level for level, result in outcomes.items() if result.outcome is Outcome.IDENTIFIED} == taken
    weak = [result for level, result in outcomes.items() if level not in taken]
    assert {result.outcome for result in weak} <= {Outcome.TOO_WEAK}
    assert all((result.values, result.member_number, result.visit_id) == ({}, None, None) for result in weak)


@pytest.mark.parametrize(("wanted", "way_out"), [("static", "or your printed card"), ("rotating", "on your phone")])
def test_whoever_showed_too_weak_a_card_reads_what_was_asked_and_the_way_out(me, wanted, way_out):
    kaisa = kahvila_kaisa()
    demand_levels(identify=wanted, redeem=wanted, by=owner_of(kaisa), at=NOON)
    sticker(me)
    held(STICKER, kaisa)
    newest = entries_of([me.person_id])[0]
    assert (newest.payload["reason"], newest.payload["wanted"], newest.payload["shown"]) == ("too_weak", wanted, "uid")
    assert way_out in str(reading_of(newest).line)


def test_no_page_shows_a_weaker_number_unasked_not_even_when_the_phone_is_blocked():
    person = aino(at=now())
    issue_card(person.person_id, at=now())
    sticker(person, at=now())
    phone_id = next(medium.id for medium in media_of_person(person.person_id) if medium.kind == "phone")
    block_medium(person.person_id, phone_id, by=person, at=now())
    phone, number = phone_of(person), card_number(person)
    plain = [str(one.pattern) for one in urlpatterns if "<" not in str(one.pattern)]
    pages = [f"/me/{path}" for path in plain] + [f"/me/carriers/{one.id}" for one in media_of_person(person.person_id)]
    seen = [
        text_of(answer) for path in pages if (answer := phone.get(path)).status_code == 200 and not answer.streaming
    ]
    assert len(seen) > 15
    for text in seen:
        assert number not in re.sub(r"\s", "", text)
        assert "04B13B5C6D7E80" not in re.sub(r"[\s:]", "", text.upper())
        assert "data:image" not in text
    assert "qr-picture" not in text_of(phone.get("/me/"))


@pytest.mark.parametrize(("wanted", "way_out"), [("static", "or your printed card"), ("rotating", "on your phone")])
def test_a_reward_wants_what_its_shop_asks_for_and_its_refusal_is_read_once(me, wanted, way_out):
    kaisa = kahvila_kaisa()
    owner = owner_of(kaisa)
    takes(me, coffee_card(owner, needed=1), at=NOON)
    demand_levels(identify="uid", redeem=wanted, by=owner, at=NOON)
    sticker(me)
    shown = held(STICKER, kaisa)
    till = terminal_actor(kaisa.secret)
    for minutes in range(3):
        with pytest.raises(Conflict) as refusal:
            redeem_at_till(shown.visit_id, new_id(), by=till, at=later(minutes=minutes))
        assert refusal.value.code == "too_weak"
    [entry] = [entry for entry in entries_of([me.person_id]) if entry.kind == "reward_refused"]
    assert way_out in str(reading_of(entry).line)
    held(card_number(me) if wanted == "static" else taps.code_of(me), kaisa)
    assert redeem_at_till(shown.visit_id, new_id(), by=till, at=later(minutes=4)).balance == 0
