"""R-PUR-3: objection to improvement, insight or personalisation works from the next request on; restriction too."""

import pytest

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import object_to
from kliento.kernel.actor import PersonActor
from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.programs import PROGRAMS, regular
from tests.taps import cardholder, restricted


@pytest.fixture
def me(db) -> PersonActor:
    return regular()


def working(person: PersonActor) -> set[str]:
    """The purposes whose programs work on this person."""
    return {purpose for purpose, works in PROGRAMS.items() if works(person)}


def test_all_of_them_work_on_somebody_who_said_nothing(me):
    assert working(me) == set(PROGRAMS)


@pytest.mark.parametrize("purpose", PROGRAMS)
def test_an_objection_stops_its_program_from_the_next_request_on_and_no_other(me, purpose):
    assert PROGRAMS[purpose](me)
    assert phone_of(me).post(f"/me/purposes/{purpose}/objection").status_code == 302
    assert not PROGRAMS[purpose](me)
    assert working(me) == set(PROGRAMS) - {purpose}


@pytest.mark.parametrize("purpose", PROGRAMS)
def test_an_objection_taken_back_lets_it_work_again(me, purpose):
    phone = phone_of(me)
    phone.post(f"/me/purposes/{purpose}/objection")
    phone.post(f"/me/purposes/{purpose}/objection-ending")
    assert PROGRAMS[purpose](me)


def test_restriction_stops_all_of_them(me):
    restricted(me)
    assert working(me) == set()


def test_somebody_elses_objection_changes_nothing(me):
    other = cardholder("eino@example.fi", "Eino")
    for purpose in PROGRAMS:
        object_to(other.person_id, purpose, by=other, at=now())
    assert working(me) == set(PROGRAMS)


def test_an_objection_is_entered_in_activity_with_its_purpose(me):
    for purpose in PROGRAMS:
        phone_of(me).post(f"/me/purposes/{purpose}/objection")
    made = [entry.purpose for entry in entries_of([me.person_id]) if entry.kind == "objection_made"]
    assert sorted(made) == sorted(PROGRAMS)
