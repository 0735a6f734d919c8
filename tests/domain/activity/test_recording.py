"""Entering what happened: in the act's transaction, in two statements, numbered without gaps."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from kliento.domain.activity.actions import record
from kliento.domain.activity.models import Entry
from kliento.domain.activity.queries import entries_of, entry_of
from kliento.domain.activity.rules import NewEntry
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def entry(subject_id: UUID, **more: object) -> NewEntry:
    return NewEntry(subject_id=subject_id, kind="data_downloaded", at=AT, **more)


def recorded(*subjects: UUID) -> list[UUID]:
    with transaction.atomic():
        return record([entry(subject) for subject in subjects])


def numbers_of(subject_id: UUID) -> list[int]:
    return list(Entry.objects.filter(subject_id=subject_id).order_by("seq").values_list("number", flat=True))


def at_once(write: Callable[[int], object], turns: Iterable[int]) -> list[object]:
    """What each turn answers, all in threads of their own."""

    def turn_of(turn: int) -> object:
        try:
            return write(turn)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(turn_of, turns))


def test_an_entry_belongs_to_the_transaction_of_its_act(db):
    with pytest.raises(transaction.TransactionManagementError):
        record([entry(new_id())])


def test_what_is_recorded_reads_back_whole(db):
    aino, shop = new_id(), new_id()
    with transaction.atomic():
        (identifier,) = record(
            [
                entry(
                    aino,
                    recipient_id=shop,
                    purpose="serving",
                    basis="consent",
                    fields=("first_name",),
                    until=AT,
                    payload={"premises_id": "p"},
                )
            ]
        )
    view = entry_of([aino], identifier)
    assert (view.recipient_id, view.purpose, view.basis, view.fields) == (shop, "serving", "consent", ("first_name",))
    assert (view.at, view.until, view.payload, view.number) == (AT, AT, {"premises_id": "p"}, 1)


def test_numbers_run_without_gaps_within_each_subject(db):
    aino, eino = new_id(), new_id()
    recorded(aino, eino, aino)
    recorded(eino, aino)
    assert numbers_of(aino) == [1, 2, 3]
    assert numbers_of(eino) == [1, 2]


def test_a_rolled_back_act_leaves_no_gap(db):
    aino = new_id()
    recorded(aino)
    with transaction.atomic():
        record([entry(aino)])
        transaction.set_rollback(True)
    recorded(aino)
    assert numbers_of(aino) == [1, 2]


def test_numbers_are_gapless_when_many_write_at_once(db):
    people = [new_id() for _ in range(3)]

    def write(turn: int) -> None:
        for step in range(5):
            shifted = people[(turn + step) % 3 :] + people[: (turn + step) % 3]
            recorded(*shifted, people[turn % 3])

    at_once(write, range(6))
    for person in people:
        assert numbers_of(person) == list(range(1, 41))


@pytest.mark.parametrize("count", [1, 30, 4000])
def test_any_number_of_entries_takes_two_statements(db, count):
    subjects = [new_id() for _ in range(count)]
    recorded(new_id())
    with CaptureQueriesContext(connection) as captured:
        ids = recorded(*subjects, *subjects)
    statements = [query["sql"] for query in captured if query["sql"] not in {"BEGIN", "BEGIN IMMEDIATE", "COMMIT"}]
    assert len(statements) == 2
    assert len(set(ids)) == 2 * count == Entry.objects.filter(id__in=ids).count()


def test_an_undeclared_kind_is_refused(db):
    with pytest.raises(Invalid, match="unknown_kind"), transaction.atomic():
        record([NewEntry(subject_id=new_id(), kind="whatever", at=AT)])


def test_entries_are_paged_newest_first_by_key(db):
    aino, eino = new_id(), new_id()
    recorded(aino, eino, aino, aino, eino, aino)
    first = entries_of([aino], limit=3)
    second = entries_of([aino], before=first[-1].seq, limit=3)
    assert [view.number for view in first + second] == [4, 3, 2, 1]
    assert {view.subject_id for view in first + second} == {aino}


def test_somebody_elses_entry_is_not_found(db):
    (identifier,) = recorded(new_id())
    with pytest.raises(NotFound):
        entry_of([new_id()], identifier)


def test_the_writing_transaction_is_noted_for_the_seal(db):
    recorded(new_id(), new_id())
    recorded(new_id())
    first, second, third = Entry.objects.order_by("seq").values_list("xid", flat=True)
    if connection.vendor == "postgresql":
        assert 0 < first == second < third
    else:
        assert first == second == third == 0
    salts = {bytes(salt) for salt in Entry.objects.values_list("salt", flat=True)}
    assert {len(salt) for salt in salts} == {16}
    assert len(salts) == 3
