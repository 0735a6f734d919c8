"""R-PUR-5: each declared purpose has its program, and each program stops for whoever objects or is restricted.

A purpose that is put in use without a row in `tests/programs.py` fails here. Planning reports are not in use yet.
"""

import pytest
from django.test import Client
from django.utils.timezone import localdate

from kliento.domain.consents.actions import object_to
from kliento.domain.improvement.actions import write_counts
from kliento.domain.improvement.queries import views_since
from kliento.domain.policy.queries import register
from kliento.kernel.clock import now
from tests.phone import phone_of
from tests.programs import PROGRAMS, regular
from tests.taps import restricted

OBJECTIONABLE = [
    code
    for code, purpose in register().purposes.items()
    if register().is_objectionable(code) and purpose.status == "in_use"
]


def test_there_is_a_program_for_each_of_them_and_a_purpose_for_each_program():
    assert set(PROGRAMS) == set(OBJECTIONABLE)


@pytest.mark.parametrize("purpose", OBJECTIONABLE)
def test_the_program_does_what_its_purpose_says(db, purpose):
    assert PROGRAMS[purpose](regular())


@pytest.mark.parametrize("purpose", OBJECTIONABLE)
def test_the_program_stops_for_whoever_objects(db, purpose):
    me = regular()
    object_to(me.person_id, purpose, by=me, at=now())
    assert not PROGRAMS[purpose](me)


@pytest.mark.parametrize("purpose", OBJECTIONABLE)
def test_the_program_stops_for_whoever_is_restricted(db, purpose):
    assert not PROGRAMS[purpose](restricted(regular()))


def test_counting_sets_no_cookie_of_its_own(db):
    visitor = Client()
    for page in ("/", "/register-description", "/me/closed"):
        assert visitor.get(page).cookies.keys() <= {"csrf"}
    assert phone_of(regular()).get("/me/activity").cookies.keys() <= {"csrf", "me"}


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_a_browser_that_asks_not_to_be_counted_is_not(db, header):
    write_counts()
    before = sum(each.count for each in views_since(localdate(now())))
    phone_of(regular()).get("/me/me", headers={header: "1"})
    Client().get("/", headers={header: "1"})
    write_counts()
    assert sum(each.count for each in views_since(localdate(now()))) == before
