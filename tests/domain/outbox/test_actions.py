"""The outbox does each thing at least once, after the commit, and never loses one to a failure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction

from kliento.domain.outbox import actions
from kliento.domain.outbox.actions import enqueue, erase_person, purge_given_up, run_due, run_now, work_off
from kliento.domain.outbox.models import Item, Periodic
from kliento.domain.outbox.queries import describe_person, standing
from kliento.domain.outbox.rules import GIVEN_UP_KEPT, LEASE, Work
from kliento.kernel.errors import Invalid, NotFound
from kliento.kernel.ids import new_id
from tests.databases import Databases

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def declared(db: Databases) -> Iterator[dict[str, dict[str, object]]]:
    """What packages declare, for this test: the collection is asked for once a process."""
    known = {name: dict(actions._declared(name)) for name in ("HANDLERS", "PERIODIC")}
    before = {name: dict(found) for name, found in known.items()}
    for name in known:
        actions._declared(name).clear()
    yield {name: actions._declared(name) for name in known}
    for name, found in before.items():
        actions._declared(name).clear()
        actions._declared(name).update(found)


def put(kind: str, ref: str = "r", at: datetime = AT) -> None:
    with transaction.atomic():
        enqueue(kind, ref=ref, at=at)


def test_a_thing_is_done_once_and_forgotten(declared: dict[str, dict[str, object]]) -> None:
    done: list[Work] = []
    declared["HANDLERS"]["note"] = done.append
    put("note", "one")
    put("note", "two")
    assert work_off(at=AT) == 2
    assert work_off(at=AT) == 0
    assert [work.ref for work in done] == ["one", "two"]
    assert not Item.objects.exists()


def test_nothing_is_done_for_an_act_that_was_rolled_back(declared: dict[str, dict[str, object]]) -> None:
    done: list[Work] = []
    declared["HANDLERS"]["note"] = done.append
    with transaction.atomic():
        enqueue("note", ref="r", at=AT)
        transaction.set_rollback(True)
    assert work_off(at=AT) == 0
    assert not done


def test_what_fails_is_put_off_with_its_code_and_holds_up_nothing_else(
    declared: dict[str, dict[str, object]],
) -> None:
    done: list[Work] = []

    def fail(work: Work) -> None:
        raise Invalid("aino@example.fi is no good", code="no_good")

    declared["HANDLERS"] |= {"fails": fail, "note": done.append}
    put("fails")
    put("note")
    assert work_off(at=AT) == 2
    assert len(done) == 1
    item = Item.objects.get()
    assert (item.attempts, item.last_error_code, item.lease_until) == (1, "no_good", None)
    assert AT < item.next_at <= AT + timedelta(seconds=20)
    assert work_off(at=AT) == 0
    assert work_off(at=AT + timedelta(minutes=1)) == 1


def test_what_fails_for_days_is_given_up_and_counted(declared: dict[str, dict[str, object]]) -> None:
    def fail(work: Work) -> None:
        raise OSError("the address aino@example.fi")

    declared["HANDLERS"]["fails"] = fail
    put("fails")
    at = AT
    for _ in range(9):
        assert work_off(at=at) == 1
        at += timedelta(hours=25)
    assert work_off(at=at) == 0
    assert Item.objects.get().last_error_code == "OSError"
    assert standing(at=at).given_up == 1
    assert purge_given_up(at=at) == 0
    assert purge_given_up(at=at + GIVEN_UP_KEPT) == 1


def test_an_unknown_kind_waits_for_a_version_that_knows_it(declared: dict[str, dict[str, object]]) -> None:
    put("from_the_future")
    assert work_off(at=AT) == 1
    assert Item.objects.get().last_error_code == "KeyError"


def test_a_worker_that_died_loses_its_lease(declared: dict[str, dict[str, object]]) -> None:
    done: list[Work] = []
    declared["HANDLERS"]["note"] = done.append
    put("note")
    Item.objects.update(lease_until=AT + LEASE)
    assert work_off(at=AT) == 0
    assert work_off(at=AT + LEASE) == 1
    assert len(done) == 1


def test_a_worker_whose_lease_ran_out_leaves_the_item_to_the_next(declared: dict[str, dict[str, object]]) -> None:
    def slow(work: Work) -> None:
        Item.objects.filter(id=work.id).update(lease_until=AT + 2 * LEASE)  # another worker took it meanwhile

    declared["HANDLERS"]["slow"] = slow
    put("slow")
    work_off(at=AT)
    assert Item.objects.get().lease_until == AT + 2 * LEASE


def test_a_handler_may_enqueue_more(declared: dict[str, dict[str, object]]) -> None:
    def first(work: Work) -> None:
        put("second")

    done: list[Work] = []
    declared["HANDLERS"] |= {"first": first, "second": done.append}
    put("first")
    assert work_off(at=AT) == 2
    assert len(done) == 1


def test_periodic_tasks_run_when_due_and_a_failing_one_is_named(declared: dict[str, dict[str, object]]) -> None:
    ran: list[datetime] = []

    def fail(at: datetime) -> None:
        raise Invalid(code="broken")

    declared["PERIODIC"] |= {"hourly": (timedelta(hours=1), ran.append), "fails": (timedelta(hours=1), fail)}
    assert run_due(at=AT) == ["hourly"]
    assert run_due(at=AT + timedelta(minutes=59)) == []
    assert standing(at=AT).failing_periodic == ("fails",)
    assert run_due(at=AT + timedelta(minutes=60)) == ["hourly"]
    assert ran == [AT, AT + timedelta(minutes=60)]


def test_a_periodic_task_under_way_elsewhere_is_left_alone(declared: dict[str, dict[str, object]]) -> None:
    declared["PERIODIC"]["hourly"] = (timedelta(hours=1), lambda at: None)
    Periodic.objects.create(name="hourly", due_at=AT, lease_until=AT + LEASE)
    assert run_due(at=AT) == []
    assert run_due(at=AT + LEASE) == ["hourly"]


def test_what_is_done_at_once_tells_what_went_wrong(declared: dict[str, dict[str, object]]) -> None:
    def fail(work: Work) -> None:
        raise Invalid(code="broken")

    declared["HANDLERS"]["fails"] = fail
    with pytest.raises(Invalid):
        run_now("fails", ref="")
    with pytest.raises(NotFound):
        run_now("nothing", ref="")


def test_nothing_more_is_done_about_an_erased_person(declared: dict[str, dict[str, object]]) -> None:
    aino, other = new_id(), new_id()
    with transaction.atomic():
        enqueue("note", ref="a", subject_id=aino, at=AT)
        enqueue("note", ref="b", subject_id=other, at=AT)
    assert describe_person(aino) == {"to_do": [{"kind": "note", "next_at": AT.isoformat()}]}
    erase_person(aino, at=AT)
    assert list(Item.objects.values_list("ref", flat=True)) == ["b"]


def test_two_workers_share_the_work(declared: dict[str, dict[str, object]]) -> None:
    done: list[str] = []
    declared["HANDLERS"]["note"] = lambda work: done.append(work.ref)
    for number in range(20):
        put("note", str(number))

    def work() -> int:
        try:
            return work_off(at=AT + timedelta(seconds=1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        tried = [running.result(timeout=30) for running in [pool.submit(work), pool.submit(work)]]
    assert sum(tried) == 20
    assert sorted(done, key=int) == [str(number) for number in range(20)]


def test_what_the_packages_declare_is_found() -> None:
    assert {"letter", "vault.rotate_keys"} <= actions._declared("HANDLERS").keys()
    assert "outbox.purge_given_up" in actions._declared("PERIODIC")
