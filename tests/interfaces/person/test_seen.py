"""Who has seen my data: by company and by detail, what is true of now and of then, never a value, few statements."""

import pytest

from kliento.domain.people.models import Person
from kliento.domain.profile.actions import hide_value
from kliento.domain.recipients.actions import suspend_third_party
from kliento.domain.sharing.actions import end_grant, pause_sharing
from kliento.interfaces.person.seen import Company, Detail, seen_of
from kliento.kernel.clock import now
from tests.blanks import blank_card, claimed
from tests.phone import phone_of, text_of
from tests.taps import aino, cardholder, share, tap
from tests.world import REGISTER_HOLDER, Place, asked, kahvila_kaisa, kuntosali_kunto

pytestmark = pytest.mark.both_engines


@pytest.fixture
def me(db):
    """Stores a first name and a phone number."""
    return aino(at=now())


@pytest.fixture
def kaisa(db) -> Place:
    return kahvila_kaisa(at=now())


def company(me, at_place: Place) -> Company:
    return next(one for one in seen_of(me, at=now()).companies if one.id == at_place.third_party_id)


def detail(me, code: str) -> Detail:
    return next(one for one in seen_of(me, at=now()).details if one.code == code)


def test_before_anybody_looked_each_detail_says_that_nobody_has(me):
    page = text_of(phone_of(me).get("/me/seen"))
    assert "No one has seen your data yet." in page
    assert text_of(phone_of(me).get("/me/seen?by=detail")).count("Nobody has seen it") == 2


def test_a_company_stands_there_with_what_it_saw_how_often_and_what_it_may_see_now(me, kaisa):
    share(me, kaisa, "first_name", "phone", at=now())
    for _ in range(2):
        asked(kaisa, me, "first_name", at=now())
    tap(me, kaisa, at=now())
    one = company(me, kaisa)
    assert (one.saw, one.times, one.may_see) == ("First name", "1 visit, 2 looks", "First name, Phone number")
    assert one.still == "They may still see it"
    page = text_of(phone_of(me).get("/me/seen"))
    assert f'href="/me/activity?with={kaisa.third_party_id}"' in page
    assert f'href="/me/sharing/{kaisa.third_party_id}"' in page
    assert "040" not in page
    assert "Aino" not in page


def test_a_visit_alone_shows_a_member_number_and_no_detail(me, kaisa):
    tap(me, kaisa, at=now())
    one = company(me, kaisa)
    assert (one.saw, one.times, one.may_see, one.still) == ("", "1 visit", "", "")
    assert "Saw your member number and your visits, no details" in text_of(phone_of(me).get("/me/seen"))


ENDINGS = {
    "ended": lambda me, kaisa: end_grant(me.person_id, kaisa.third_party_id, "first_name", by=me, at=now()),
    "paused": lambda me, kaisa: pause_sharing(me.person_id, kaisa.third_party_id, by=me, at=now()),
    "hidden": lambda me, kaisa: hide_value(me.person_id, "first_name", by=me, at=now()),
    "restricted": lambda me, kaisa: Person.objects.update(state="restricted"),
    "suspended": lambda me, kaisa: suspend_third_party(
        kaisa.third_party_id, named="Kahvila Kaisa", by=REGISTER_HOLDER, at=now()
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_they_may_see_now_is_what_they_would_get_for_asking(me, kaisa, ending):
    share(me, kaisa, "first_name", at=now())
    asked(kaisa, me, "first_name", at=now())
    assert company(me, kaisa).may_see == "First name"
    ENDINGS[ending](me, kaisa)
    one = company(me, kaisa)
    assert (one.saw, one.may_see, one.still) == ("First name", "", "They see none of it any more")
    assert one.paused == (ending == "paused")
    [onlooker] = detail(me, "first_name").onlookers
    assert (onlooker.times, onlooker.may_see) == (1, False)
    assert asked(kaisa, me, "first_name", at=now()) == {}


def test_by_detail_those_who_looked_come_first_then_those_who_may_and_have_not(me, kaisa):
    kunto = kuntosali_kunto(at=now())
    share(me, kaisa, "first_name", at=now())
    share(me, kunto, "first_name", at=now())
    asked(kunto, me, "first_name", at=now())
    seen = [(one.name, one.times, one.may_see) for one in detail(me, "first_name").onlookers]
    assert seen == [("Kuntosali Kunto", 1, True), ("Kahvila Kaisa", 0, True)]
    assert not detail(me, "phone").seen
    page = text_of(phone_of(me).get("/me/seen?by=detail"))
    assert 'href="/me/activity?field=first_name&what=looks"' in page
    assert 'href="/me/activity?field=phone"' not in page


def test_what_is_asked_together_with_more_than_is_shared_counts_only_what_left(me, kaisa):
    share(me, kaisa, "first_name", at=now())
    asked(kaisa, me, "first_name", "phone", at=now())
    assert company(me, kaisa).saw == "First name"
    assert not detail(me, "phone").seen


def test_a_claimed_cards_visits_are_ones_own_and_nobody_elses_are(me, kaisa):
    claimed(blank_card(at=now()), kaisa, me, at=now())
    other = cardholder("eino@example.fi", "Eino", at=now())
    share(other, kaisa, "first_name", at=now())
    asked(kaisa, other, "first_name", at=now())
    one = company(me, kaisa)
    assert (one.saw, one.times) == ("", "1 visit")


def test_another_view_is_refused(me):
    assert phone_of(me).get("/me/seen?by=place").status_code == 400
