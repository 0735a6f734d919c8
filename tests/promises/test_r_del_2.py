"""R-DEL-2: five objections: direct advertising, distance selling, other direct marketing, two kinds of surveys."""

from contextlib import suppress

import pytest

from kliento.domain.consents.actions import give_consent, object_to
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import Refused, open_for_delivery, read_for_holder
from kliento.domain.gate.queries import may_use
from kliento.domain.policy.actions import publish_own
from kliento.domain.policy.queries import register
from kliento.kernel.actor import PersonActor
from tests.domain.policy.declarations import default_text
from tests.phone import phone_of, text_of
from tests.world import NOON, aino, stores

MARKETING = ("direct_advertising", "distance_selling", "other_direct_marketing")
STOPS = {
    **{use: {"direct_marketing", "partner_marketing", "own_direct_marketing"} for use in MARKETING},
    "market_surveys": {"market_surveys"},
    "opinion_surveys": {"opinion_surveys"},
}
USES = [("direct_marketing", use) for use in MARKETING] + [(use, use) for use in ("market_surveys", "opinion_surveys")]


@pytest.fixture
def me(db, settings, tmp_path) -> PersonActor:
    """Somebody who agreed to all of it, where all of it is in use."""
    path = tmp_path / "register.toml"
    parts = default_text().split("[purposes.")
    running = [
        part.replace('status = "planned"', 'status = "in_use"', 1) if part.startswith(tuple(STOPPED)) else part
        for part in parts
    ]
    path.write_text("[purposes.".join(running), encoding="utf-8")
    settings.KLIENTO_POLICY = path
    publish_own(at=NOON)
    person = stores(aino(), first_name="Aino", phone="+358401234567")
    for purpose in ("direct_marketing", "market_surveys", "opinion_surveys"):
        give_consent(person.person_id, Choice(purpose, channel="email"), by=person, at=NOON)
    return person


STOPPED = {purpose for purposes in STOPS.values() for purpose in purposes}


def running(me: PersonActor, purpose: str, use: str) -> bool:
    """Whether it runs on this person by every way there is; they never differ."""
    address = ""
    with suppress(Refused):
        address = open_for_delivery(me.person_id, purpose=purpose, use=use, field="first_name")
    read = read_for_holder([me.person_id], purpose=purpose, fields=["first_name"], use=use, at=NOON)
    may = may_use(me.person_id, purpose, use=use)
    assert may == bool(read) == bool(address)
    return may


def test_there_are_the_five_and_each_stops_what_it_says(db):
    declared = register().objections
    assert {code: set(declared[code].stops) for code in STOPS} == STOPS


@pytest.mark.parametrize(("purpose", "use"), USES)
def test_an_objection_stops_its_use_from_the_next_request_on_and_no_other(me, purpose, use):
    assert all(running(me, *each) for each in USES)
    assert phone_of(me).post(f"/me/purposes/{use}/objection").status_code == 302
    assert [each for each in USES if not running(me, *each)] == [(purpose, use)]


@pytest.mark.parametrize("use", MARKETING)
def test_a_use_that_does_not_say_which_it_is_is_stopped_by_any_of_them(me, use):
    assert running(me, "direct_marketing", "")
    object_to(me.person_id, use, by=me, at=NOON)
    assert not running(me, "direct_marketing", "")
    assert not running(me, "direct_marketing", "opinion_surveys")  # is not about it: no way round


@pytest.mark.parametrize("use", STOPS)
def test_an_objection_taken_back_lets_a_standing_consent_speak_again(me, use):
    phone = phone_of(me)
    phone.post(f"/me/purposes/{use}/objection")
    phone.post(f"/me/purposes/{use}/objection-ending")
    assert all(running(me, *each) for each in USES)


@pytest.mark.parametrize("use", STOPS)
def test_an_objection_outlives_a_consent_given_after_it(me, use):
    object_to(me.person_id, use, by=me, at=NOON)
    for purpose in STOPS[use] & {"direct_marketing", "market_surveys", "opinion_surveys"}:
        give_consent(me.person_id, Choice(purpose, channel="sms"), by=me, at=NOON)
        assert not running(me, purpose, use)


@pytest.mark.parametrize("use", STOPS)
@pytest.mark.usefixtures("db")
def test_one_objects_beforehand_to_what_is_not_in_use_yet(use):
    eino = aino()
    phone = phone_of(eino)
    assert "Not in use yet." in text_of(phone.get("/me/purposes"))
    assert phone.post(f"/me/purposes/{use}/objection").status_code == 302
    assert f"/me/purposes/{use}/objection-ending" in text_of(phone.get("/me/purposes"))
