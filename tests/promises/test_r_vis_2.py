"""R-VIS-2: a visit is in the person's Activity as soon as it is committed."""

from threading import Thread

import pytest
from django.db import connections

from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of
from kliento.domain.visits.models import Visit
from tests import taps
from tests.world import kahvila_kaisa


def _as_another_connection_sees(person) -> list:
    seen = []

    def look():
        seen.extend(entries_of([person.person_id]))
        connections.close_all()

    thread = Thread(target=look)
    thread.start()
    thread.join()
    return seen


@pytest.mark.parametrize("shared", [(), ("first_name",)])
def test_each_committed_visit_has_its_entry(db, shared):
    place, aino = kahvila_kaisa(), taps.aino()
    taps.share(aino, place, *shared)
    result = taps.tap(aino, place)
    newest = _as_another_connection_sees(aino)[0]
    assert (newest.kind, newest.recipient_id) == ("visit", place.third_party_id)
    assert newest.payload["visit_id"] == str(result.visit_id)


def test_a_batch_leaves_an_entry_for_each_visit(db):
    place = kahvila_kaisa()
    people = [taps.cardholder(f"p{number}@example.fi") for number in range(5)]
    taps.record([taps.scan(taps.code_of(person)) for person in people], place)
    assert [entries_of([person.person_id])[0].kind for person in people] == ["visit"] * 5


def test_a_visit_that_cannot_be_entered_is_no_visit(db):
    """The entry is refused by the database itself, so the whole act is."""
    place, aino = kahvila_kaisa(), taps.aino()
    entries = Entry.objects.count()
    scan = taps.scan(taps.code_of(aino))
    with pytest.raises(ValueError, match="interrupted"), connections["default"].execute_wrapper(_refuse_entries):
        taps.record([scan], place)
    assert (Visit.objects.count(), Entry.objects.count()) == (0, entries)
    assert taps.hand_in([scan], by=place.terminal, at=taps.later(seconds=5))[0].visit_id is not None


def _refuse_entries(execute, sql, params, many, context):
    if "INSERT INTO" in sql and "activity_entry" in sql:
        raise ValueError("interrupted")
    return execute(sql, params, many, context)
