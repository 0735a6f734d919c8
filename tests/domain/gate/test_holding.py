"""Kliento's own programs reading values, for a purpose that passes nothing on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.queries import entries_of
from kliento.domain.consents.actions import SPECIAL_STORAGE, give_consent, object_to
from kliento.domain.consents.rules import Choice
from kliento.domain.gate.actions import read_for_holder
from kliento.domain.people.models import Person
from kliento.domain.policy.actions import publish_own
from kliento.domain.profile.actions import hide_value
from kliento.kernel.errors import Invalid
from tests.domain.policy.declarations import changed
from tests.world import NOON, aino, eino, person, stores

POLL = """[purposes.poll]
label = {{ fi = "x", sv = "x", en = "x" }}
description = {{ fi = "x", sv = "x", en = "x" }}
basis = "{basis}"
{reason}
fields = ["feedback", "birthday_month"]
subjects = ["person"]
retention = "until_withdrawn"
status = "in_use"

[objections.poll]
label = {{ fi = "x", sv = "x", en = "x" }}
description = {{ fi = "x", sv = "x", en = "x" }}
stops = ["poll"]

[purposes.insight]"""
INTEREST = POLL.format(basis="legitimate_interest", reason='reason = { fi = "x", sv = "x", en = "x" }')
CONSENT = POLL.format(basis="consent", reason="")


@pytest.fixture
def poll(db, settings, tmp_path, request):
    """The default declaration with one purpose more."""
    path = tmp_path / "register.toml"
    path.write_bytes(changed("[purposes.insight]", request.param))
    settings.KLIENTO_POLICY = path
    publish_own(at=NOON)


def read(*people, fields=("feedback",), purpose="poll") -> dict:
    return read_for_holder([who.person_id for who in people], purpose=purpose, fields=fields, at=NOON)


@pytest.mark.parametrize("poll", [INTEREST], indirect=True)
def test_what_is_read_is_entered_and_who_keeps_nothing_is_left_out(db, poll):
    me, other = stores(aino(), feedback="Enemmän leipää", birth_date="1990-02-14"), eino()
    before = entries_of([other.person_id])
    assert read(me, other, fields=("feedback", "birthday_month")) == {
        me.person_id: {"feedback": "Enemmän leipää", "birthday_month": "02"}
    }
    entry = entries_of([me.person_id])[0]
    assert (entry.kind, entry.recipient_id, entry.purpose) == ("read_by_holder", None, "poll")
    assert (entry.basis, entry.fields) == ("legitimate_interest", ("feedback", "birthday_month"))
    assert entries_of([other.person_id]) == before


@pytest.mark.parametrize("poll", [INTEREST], indirect=True)
@pytest.mark.parametrize("obstacle", ["objects", "restricted", "hidden", "erasing"])
def test_whoever_objects_hides_or_is_restricted_is_passed_over(db, poll, obstacle):
    me, other = stores(aino(), feedback="Aino"), stores(eino(), feedback="Eino")
    if obstacle == "objects":
        object_to(me.person_id, "poll", by=me, at=NOON)
    elif obstacle == "hidden":
        hide_value(me.person_id, "feedback", by=me, at=NOON)
    else:
        Person.objects.filter(id=me.person_id).update(state=obstacle)
    before = entries_of([me.person_id])
    assert read(me, other) == {other.person_id: {"feedback": "Eino"}}
    assert entries_of([me.person_id]) == before


@pytest.mark.parametrize("poll", [CONSENT], indirect=True)
def test_where_consent_is_the_basis_only_who_gave_it_is_read(db, poll):
    me, other = stores(aino(), feedback="Aino"), stores(eino(), feedback="Eino")
    give_consent(me.person_id, Choice("poll"), by=me, at=NOON)
    assert read(me, other) == {me.person_id: {"feedback": "Aino"}}


def test_a_purpose_that_passes_something_on_is_none_of_its_own(db):
    assert read(stores(aino(), first_name="Aino"), fields=("first_name",), purpose="serving") == {}


def test_a_special_category_is_never_read(db):
    me = aino()
    give_consent(me.person_id, Choice(SPECIAL_STORAGE, field="allergies"), by=me, at=NOON)
    give_consent(me.person_id, Choice(SPECIAL_STORAGE), by=me, at=NOON)
    stores(me, allergies="Pähkinä")
    assert read(me, fields=("allergies",), purpose=SPECIAL_STORAGE) == {}


@pytest.mark.parametrize(("purpose", "fields"), [("curiosity", ["feedback"]), ("service", ["feedback", "odd"])])
def test_what_nothing_declares_is_refused_and_entered(db, purpose, fields):
    me = stores(aino(), feedback="Aino")
    with pytest.raises(Invalid):
        read(me, fields=fields, purpose=purpose)
    entry = entries_of([me.person_id])[0]
    assert (entry.kind, entry.fields, entry.recipient_id) == ("disclosure_refused", (), None)


@pytest.mark.parametrize("poll", [CONSENT], indirect=True)
def test_the_statements_do_not_grow_with_the_people(db, poll):
    counts = []
    for size in (1, 7):
        people = [stores(person(f"guest{number}of{size}@example.fi"), feedback="x") for number in range(size)]
        for who in people:
            give_consent(who.person_id, Choice("poll"), by=who, at=NOON)
        with CaptureQueriesContext(connection) as captured:
            assert len(read(*people)) == size
        counts.append(len([query for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT"))]))
    assert counts[0] == counts[1] <= 7
