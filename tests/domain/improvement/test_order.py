"""The places one goes to stand first, unless one objects."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.cards.actions import issue_card
from kliento.domain.consents.actions import object_to
from kliento.domain.improvement.queries import companies_in_order
from kliento.domain.people.models import Person
from kliento.domain.recipients.queries import names_of
from kliento.domain.sharing.queries import companies_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotAllowed
from tests.taps import tap
from tests.world import NOON, aino, eino, kahvila_kaisa, kuntosali_kunto, place, shares

DAY = timedelta(days=1)
KAISA, KUNTO, AAMU = "Kahvila Kaisa", "Kuntosali Kunto", "aamukahvila"


@pytest.fixture
def places(db):
    return {KAISA: kahvila_kaisa(), KUNTO: kuntosali_kunto(), AAMU: place(AAMU, "2046851-6", "Kallio")}


@pytest.fixture
def me(places) -> PersonActor:
    """She went to the gym twice, to the café once, and to the morning café long ago."""
    person = aino()
    issue_card(person.person_id, at=NOON)
    for days, where in ((0, KUNTO), (1, KUNTO), (2, KAISA), (181, AAMU), (182, AAMU), (183, AAMU)):
        tap(person, places[where], at=NOON - days * DAY)
    return person


def order(who: PersonActor) -> list[str]:
    known = companies_in_order(who.person_id, companies_of(who.person_id), by=who, at=NOON).relations
    names = names_of(relation.third_party_id for relation in known)
    return [names[relation.third_party_id].name for relation in known]


def test_where_one_goes_most_stands_first_and_the_rest_follows_by_name(me):
    assert order(me) == [KUNTO, KAISA, AAMU]


def test_who_objects_sees_names_in_their_order(me):
    object_to(me.person_id, "personalisation", by=me, at=NOON)
    assert order(me) == [AAMU, KAISA, KUNTO]
    assert not companies_in_order(me.person_id, [], by=me, at=NOON).by_visits


def test_who_is_restricted_sees_names_in_their_order(me):
    Person.objects.filter(id=me.person_id).update(state="restricted")
    assert order(me) == [AAMU, KAISA, KUNTO]


def test_no_visit_is_looked_at_for_whoever_objects(me):
    object_to(me.person_id, "personalisation", by=me, at=NOON)
    known = companies_of(me.person_id)
    with CaptureQueriesContext(connection) as captured:
        companies_in_order(me.person_id, known, by=me, at=NOON)
    assert not [one for one in captured if "visits_visit" in one["sql"]]


def test_others_visits_change_nothing(me, places):
    other = eino()
    issue_card(other.person_id, at=NOON)
    for days in range(5):
        tap(other, places[KAISA], at=NOON - days * DAY)
    assert order(me)[0] == KUNTO
    shares(other, places[KUNTO], "first_name")
    assert order(other) == [KAISA, KUNTO]


def test_names_and_visits_are_one_statement(me):
    known = companies_of(me.person_id)
    with CaptureQueriesContext(connection) as captured:
        companies_in_order(me.person_id, known, by=me, at=NOON)
    assert len([one for one in captured if "recipients_third_party" in one["sql"]]) == 1
    assert len([one for one in captured if "visits_visit" in one["sql"]]) == 1


def test_nobody_orders_anothers_places(me):
    other = eino()
    with pytest.raises(NotAllowed):
        companies_in_order(me.person_id, [], by=other, at=NOON)
