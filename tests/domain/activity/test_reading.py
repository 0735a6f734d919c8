"""Reading the log by recipient: what left to whom, and who was where."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.queries import entered_last, entries_of, fields_disclosed, pairs_with_entry
from kliento.domain.activity.rules import NewEntry
from kliento.kernel.ids import new_id
from tests.world import NOON

DAY = timedelta(days=1)


def entered(kind: str, subject: UUID, recipient: UUID | None, *fields: str, at=NOON) -> None:
    with transaction.atomic():
        record([NewEntry(subject, kind, at, recipient_id=recipient, fields=fields)])


def test_one_recipients_entries_are_paged_by_themselves(db):
    aino, eino, cafe, gym = (new_id() for _ in range(4))
    for subject, recipient in ((aino, cafe), (aino, gym), (eino, cafe), (aino, None), (aino, cafe), (aino, cafe)):
        entered("visit", subject, recipient)
    first = entries_of([aino], recipient_id=cafe, limit=2)
    rest = entries_of([aino], recipient_id=cafe, before=first[-1].seq, limit=2)
    assert [entry.number for entry in (*first, *rest)] == [5, 4, 1]
    assert {(entry.subject_id, entry.recipient_id) for entry in (*first, *rest)} == {(aino, cafe)}


def test_what_was_told_late_stands_by_its_own_date_and_pages_follow_each_other(db):
    aino, cafe, gym = (new_id() for _ in range(3))
    for days, recipient in ((1, cafe), (3, gym), (3, cafe), (2, cafe), (1, gym), (3, cafe), (0, cafe)):
        entered("visit", aino, recipient, at=NOON + days * DAY)

    for recipient, expected in ((None, [6, 3, 2, 4, 5, 1, 7]), (cafe, [6, 3, 4, 1, 7])):
        for size in (1, 2, 3, 10):
            assert paged(aino, recipient, size=size) == expected


def paged(subject: UUID, recipient: UUID | None, *, size: int) -> list[int | None]:
    """The numbers of all entries, page by page; each page is one statement."""
    numbers: list[int | None] = []
    before = None
    while True:
        with CaptureQueriesContext(connection) as captured:
            page = entries_of([subject], recipient_id=recipient, before=before, limit=size)
        assert len(captured) == 1
        if not page:
            return numbers
        numbers += [entry.number for entry in page]
        before = page[-1].seq


def test_no_page_begins_after_an_entry_of_somebody_else(db):
    aino, eino, cafe = (new_id() for _ in range(3))
    entered("visit", aino, cafe)
    entered("visit", eino, cafe, at=NOON + DAY)
    [theirs] = entries_of([eino])

    assert entries_of([aino], before=theirs.seq) == []


def test_what_was_entered_last_is_known_whatever_its_date(db):
    aino, cafe = new_id(), new_id()
    assert entered_last(aino) == 0
    entered("visit", aino, cafe)
    entered("visit", aino, cafe, at=NOON - DAY)
    _newest, late = entries_of([aino])

    assert entered_last(aino) == late.seq


def test_what_left_is_what_entries_of_a_release_name(db):
    aino, eino, cafe, gym = (new_id() for _ in range(4))
    entered("visit", aino, cafe, "first_name")
    entered("disclosed", aino, cafe, "city", "phone")
    entered("sharing_started", aino, cafe, "email")  # shared, and never asked for
    entered("disclosed", aino, gym, "title")
    entered("disclosed", eino, cafe, "nickname")
    assert fields_disclosed(aino, cafe, since=NOON) == {"first_name", "city", "phone"}


def test_what_left_before_is_left_out_but_for_the_hour_an_entry_may_stand_for(db):
    aino, cafe = new_id(), new_id()
    entered("disclosed", aino, cafe, "first_name", at=NOON - DAY)
    entered("disclosed", aino, cafe, "city", at=NOON - timedelta(minutes=59))
    assert fields_disclosed(aino, cafe, since=NOON) == {"city"}


@pytest.mark.parametrize("count", [1, 40])
def test_who_was_where_is_one_statement_for_any_number_of_pairs(db, count):
    people, cafe, gym = [new_id() for _ in range(count)], new_id(), new_id()
    entered("visit", people[0], cafe)
    entered("visit_refused", people[-1], gym)
    pairs = [(person, place) for person in people for place in (cafe, gym)]
    with CaptureQueriesContext(connection) as captured:
        assert pairs_with_entry(["visit"], pairs, since=NOON) == {(people[0], cafe)}
    assert len(captured) == 1
    assert pairs_with_entry(["visit"], pairs, since=NOON + DAY) == set()


def test_nobody_was_nowhere_without_a_statement(db):
    with CaptureQueriesContext(connection) as captured:
        assert pairs_with_entry(["visit"], [], since=NOON) == set()
    assert not captured.captured_queries
