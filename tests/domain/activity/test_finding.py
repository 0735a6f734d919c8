"""Finding in the log: every filter, alone and together, gives exactly what fits, page by page; in few steps."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kliento.domain.activity.actions import record
from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entered_since, entries_of, kind_of, kinds_saying, recipients_named
from kliento.domain.activity.queries.finding import fitting
from kliento.domain.activity.rules import EntryView, NewEntry, Sought, Word, declared_kinds
from kliento.kernel.ids import new_id
from tests.world import NOON

pytestmark = pytest.mark.both_engines
HOUR = timedelta(hours=1)
CAFE, GYM, KALLIO = new_id(), new_id(), new_id()
KINDS = ["visit", "disclosed", "disclosure_refused", "value_stored", "sharing_started", "exported"]
FIELDS = ["phone", "city", "first_name"]

entries = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS),
            "hours": st.integers(0, 6),
            "recipient_id": st.sampled_from([None, CAFE, GYM]),
            "fields": st.lists(st.sampled_from(FIELDS), unique=True, max_size=2).map(tuple),
            "withheld": st.sampled_from(["", *FIELDS]),
            "premises": st.booleans(),
            "of_card": st.booleans(),
        }
    ),
    max_size=14,
)
words = st.builds(
    Word,
    recipient_ids=st.frozensets(st.sampled_from([CAFE, GYM]), max_size=1),
    premises_ids=st.frozensets(st.just(KALLIO)),
    fields=st.frozensets(st.sampled_from(FIELDS), max_size=1),
    purposes=st.frozensets(st.just("serving")),
    groups=st.frozensets(st.sampled_from(["visits", "looks", "refused"]), max_size=1),
    sayings=st.sampled_from([(), (("visit", ()),), (("visit", (("premises_id", str(KALLIO)),)),)]),
)
sought = st.builds(
    Sought,
    recipient_id=st.sampled_from([None, CAFE, GYM]),
    group=st.sampled_from([None, "visits", "looks", "refused", "details", "sharing"]),
    field=st.sampled_from(["", *FIELDS]),
    since=st.sampled_from([None, NOON + 2 * HOUR]),
    until=st.sampled_from([None, NOON + 5 * HOUR]),
    words=st.lists(words, max_size=2).map(tuple),
)


def enter(*made: dict, subject: UUID, card: UUID) -> None:
    """All of it in one act, in this order."""
    with transaction.atomic():
        record([new_entry(each, card if each["of_card"] else subject) for each in made])


def new_entry(made: dict, subject: UUID) -> NewEntry:
    payload: dict[str, object] = {"withheld": {made["withheld"]: "not_chosen"}} if made["withheld"] else {}
    return NewEntry(
        subject,
        made["kind"],
        NOON + made["hours"] * HOUR,
        recipient_id=made["recipient_id"],
        purpose="serving" if made["premises"] else "",
        fields=made["fields"],
        payload=payload | ({"premises_id": str(KALLIO)} if made["premises"] else {}),
    )


def fits(entry: EntryView, wanted: Sought) -> bool:
    """The same in plain words."""
    return (
        (wanted.recipient_id in {None, entry.recipient_id})
        and (wanted.group is None or in_group(entry, wanted.group))
        and (
            not wanted.field or wanted.field in entry.fields or (wanted.group != "looks" and names(entry, wanted.field))
        )
        and (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at < wanted.until)
        and all(says(entry, word) for word in wanted.words)
    )


def in_group(entry: EntryView, group: str) -> bool:
    kind = kind_of(entry.kind)
    return (
        kind.group == group
        or (group == "looks" and kind.releases and bool(entry.fields))
        or (group == "refused" and "withheld" in entry.payload)
    )


def names(entry: EntryView, field: str) -> bool:
    return field in entry.fields or field in dict(entry.payload.get("withheld", {}))  # type: ignore[call-overload]


def says(entry: EntryView, word: Word) -> bool:
    return (
        entry.recipient_id in word.recipient_ids
        or entry.payload.get("premises_id") in {str(place) for place in word.premises_ids}
        or any(names(entry, field) for field in word.fields)
        or entry.purpose in word.purposes
        or any(in_group(entry, group) for group in word.groups)
        or any(
            kind == entry.kind and all(entry.payload.get(key) == value for key, value in held)
            for kind, held in word.sayings
        )
    )


def paged(subjects: Sequence[UUID], wanted: Sought, *, size: int) -> list[EntryView]:
    found: list[EntryView] = []
    before = None
    while True:
        with CaptureQueriesContext(connection) as captured:
            page = entries_of(subjects, sought=wanted, before=before, limit=size)
        assert len(captured) <= 1
        if not page:
            return found
        found += page
        before = page[-1].seq


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=entries, wanted=sought, size=st.integers(1, 4))
def test_paging_through_what_is_sought_gives_exactly_that_in_order(db, made, wanted, size):
    subject, card, stranger = new_id(), new_id(), new_id()
    enter(*made, subject=subject, card=card)
    enter(*made, subject=stranger, card=stranger)
    everything = entries_of([subject, card], limit=100)

    assert len(everything) == len(made)
    assert paged([subject, card], wanted, size=size) == [entry for entry in everything if fits(entry, wanted)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=entries, wanted=sought, known=st.integers(0, 13))
def test_an_open_page_hears_of_exactly_what_fits_and_was_entered_since(db, made, wanted, known):
    subject = new_id()
    enter(*made, subject=subject, card=subject)
    entered = sorted(entries_of([subject], limit=100), key=lambda entry: entry.seq)
    if not entered:
        return
    last_seen = entered[min(known, len(entered) - 1)]
    since = [entry.seq for entry in entered if entry.seq > last_seen.seq and fits(entry, wanted)]

    assert entered_since(subject, last_seen.seq, sought=wanted) == (since[-1] if since else 0)


def test_nothing_was_entered_since_an_entry_of_somebody_else(db):
    me, other = new_id(), new_id()
    for subject in (other, me):
        enter(MADE, subject=subject, card=subject)
    [theirs] = entries_of([other])

    assert entered_since(me, theirs.seq, sought=Sought()) == 0


MADE = {
    "kind": "visit",
    "hours": 0,
    "recipient_id": CAFE,
    "fields": (),
    "withheld": "",
    "premises": False,
    "of_card": False,
}


def test_a_word_that_stands_for_nothing_finds_nothing(db):
    me = new_id()
    enter(MADE, subject=me, card=me)

    assert entries_of([me], sought=Sought(words=(Word(),))) == []


def test_recipients_are_named_once_each_in_one_statement_and_nobody_elses(db):
    me, card, other, library = (new_id() for _ in range(4))
    for recipient_id in (CAFE, None, GYM, CAFE):
        enter(MADE | {"recipient_id": recipient_id}, subject=me, card=card)
    enter(MADE | {"recipient_id": CAFE, "of_card": True}, subject=me, card=card)
    enter(MADE | {"recipient_id": library}, subject=other, card=other)
    with CaptureQueriesContext(connection) as captured:
        found = recipients_named([me, card])

    assert (sorted(found), len(captured)) == (sorted([CAFE, GYM]), 1)
    assert recipients_named([card]) == [CAFE]
    assert recipients_named([new_id()]) == []


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Sought(field="phone"), "activity_entry_dated"),
        (Sought(group="refused", since=NOON, until=NOON + HOUR), "activity_entry_dated"),
        (Sought(recipient_id=CAFE, group="looks"), "activity_entry_recipient_dated"),
        (Sought(words=(Word(fields=frozenset(["phone"])),)), "activity_entry_dated"),
    ],
)
def test_what_is_sought_is_read_in_the_order_of_an_index_and_of_one_subject(db, wanted, index):
    with transaction.atomic():  # a table that is not small, so that the plan is that of a real one
        record([NewEntry(new_id(), "visit", NOON, recipient_id=CAFE) for _ in range(3000)])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE activity_entry")
    found = fitting(Entry.objects.filter(subject_id__in=[new_id()]), wanted).order_by("-at", "-seq")[:41]

    plan = found.explain()
    assert index in plan, plan
    assert "SCAN activity_entry" not in plan
    assert "Seq Scan on activity_entry" not in plan


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_kind_can_be_found_by_how_it_reads_in_every_language(language):
    with override(language):
        found = {kind for kind, _held in kinds_saying("")}

    assert {code for code in declared_kinds() if not code.startswith(("test_", "one_line", "shared_"))} <= found


def test_what_a_kind_says_of_one_payload_is_not_found_with_another():
    assert ("visit_refused", (("reason", "medium_blocked"),)) in kinds_saying("blocked")
    assert ("visit_refused", (("reason", "person_restricted"),)) not in kinds_saying("blocked")
    assert ("secret_changed", (("what", "passkey_added"),)) in kinds_saying("passkey")
