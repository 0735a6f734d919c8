"""Group commit: shared when busy, alone when idle, fair, bounded, and a failure is nobody else's."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from kliento.kernel.errors import TooMany
from kliento.kernel.grouping import GroupCommit


class Desk:
    """Answers items with themselves, and remembers how they came. While it is shut, a group stays on it."""

    def __init__(self, **limits: int) -> None:
        self.groups: list[list[str]] = []
        self.open = threading.Event()
        self.open.set()
        self.wrong: Callable[[str], bool] = lambda item: False
        self.shared = GroupCommit(self._act, **limits)

    def _act(self, items: list[str]) -> list[str]:
        self.groups.append(list(items))
        assert self.open.wait(10)
        if any(self.wrong(item) for item in items):
            raise ValueError("wrong")
        return [f"answer to {item}" for item in items]

    def shut_with(self, item: str, pool: ThreadPoolExecutor, *, by: str = "first") -> None:
        self.open.clear()
        pool.submit(self.shared.hand_in, item, by=by)
        self.wait_for(lambda: self.groups != [])

    def shut_with_one_behind(self, pool: ThreadPoolExecutor) -> "Future[str]":
        """ "a" is being written, "b" waits behind it."""
        self.shut_with("a", pool)
        behind = pool.submit(self.shared.hand_in, "b", by="b")
        self.wait_for_waiting(2)
        return behind

    def wait_for(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.001)

    def wait_for_waiting(self, count: int) -> None:
        self.wait_for(lambda: self.shared._waiting == count)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(64) as pool:
        yield pool


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.open.set()
    desk.shared.close()


def test_whoever_comes_alone_is_answered_alone(desk):
    assert [desk.shared.hand_in(item, by="till") for item in "abc"] == ["answer to a", "answer to b", "answer to c"]
    assert desk.groups == [["a"], ["b"], ["c"]]


def test_whoever_does_not_wait_is_told_once_also_when_it_was_over_before(desk):
    desk.wrong = lambda item: item == "bad"
    told: list[object] = []
    good, bad = (desk.shared.begin(item, by=item) for item in ("good", "bad"))
    for handed in (good, bad):
        handed.then(lambda handed=handed: told.append(handed.error or handed.answer))
    desk.wait_for(lambda: len(told) == 2)
    assert sorted(map(str, told)) == ["answer to good", "wrong"]
    good.then(lambda: told.append("late"))
    assert told[2:] == ["late"]


def test_what_arrives_meanwhile_goes_together_and_everybody_gets_their_own_answer(desk, pool):
    desk.shut_with("a", pool)
    answers = {item: pool.submit(desk.shared.hand_in, item, by=item) for item in "bcdef"}
    desk.wait_for_waiting(6)
    desk.open.set()
    assert {item: answer.result(10) for item, answer in answers.items()} == {
        item: f"answer to {item}" for item in "bcdef"
    }
    assert [sorted(group) for group in desk.groups] == [["a"], list("bcdef")]


def test_what_is_wrong_with_one_is_raised_to_that_one_alone(desk, pool):
    desk.wrong = lambda item: item == "bad"
    desk.shut_with("a", pool)
    answers = {item: pool.submit(desk.shared.hand_in, item, by=item) for item in ("b", "bad", "c")}
    desk.wait_for_waiting(4)
    desk.open.set()
    assert [answers[item].result(10) for item in "bc"] == ["answer to b", "answer to c"]
    with pytest.raises(ValueError, match="wrong"):
        answers["bad"].result(10)
    assert sorted(map(len, desk.groups[2:])) == [1, 1, 1]


def test_submitters_take_turns_whoever_has_how_many_waiting(pool):
    desk = Desk(largest=2, most_of_one=20)
    desk.shut_with("a", pool)
    waiting = 1
    for item in ("x1", "x2", "x3", "x4", "y", "z"):
        pool.submit(desk.shared.hand_in, item, by=item[0])
        waiting += 1
        desk.wait_for_waiting(waiting)
    desk.open.set()
    desk.shared.close()
    assert desk.groups == [["a"], ["x1", "y"], ["z", "x2"], ["x3", "x4"]]


def test_a_heavy_item_goes_alone_and_in_turn_with_light_ones(pool):
    desk = Desk(largest=4, most_of_one=20)
    desk.shut_with("a", pool)
    waiting = 1
    for item, weight in (("upload 1", 500), ("upload 2", 500), ("b", 1), ("c", 1)):
        pool.submit(desk.shared.hand_in, item, by=item, weight=weight)
        waiting += 1
        desk.wait_for_waiting(waiting)
    desk.open.set()
    desk.shared.close()
    assert desk.groups == [["a"], ["upload 1"], ["b", "c"], ["upload 2"]]


def test_of_one_submitter_only_so_many_are_under_way_and_others_are_let_in(pool):
    desk = Desk(most_of_one=2)
    desk.shut_with("a", pool, by="flood")
    pool.submit(desk.shared.hand_in, "b", by="flood")
    desk.wait_for_waiting(2)
    with pytest.raises(TooMany):
        desk.shared.hand_in("c", by="flood")
    other = pool.submit(desk.shared.hand_in, "d", by="other")
    desk.open.set()
    assert other.result(10) == "answer to d"
    assert desk.shared.hand_in("c", by="flood") == "answer to c", "once the others are answered"
    desk.shared.close()


def test_when_it_is_crowded_whoever_has_some_under_way_makes_room_for_the_first_of_others(pool):
    desk = Desk(most_of_one=3, crowded=4, most_of_one_then=1)
    desk.shut_with("a", pool, by="flood")
    for item, by in (("b", "flood"), ("c", "second"), ("d", "third")):
        pool.submit(desk.shared.hand_in, item, by=by)
    desk.wait_for_waiting(4)
    for by in ("flood", "second"):
        with pytest.raises(TooMany) as refused:
            desk.shared.hand_in("e", by=by)
        assert refused.value.retry_after_seconds == 1
    other = pool.submit(desk.shared.hand_in, "f", by="other")
    desk.open.set()
    assert other.result(10) == "answer to f"
    desk.shared.close()


def test_closing_answers_whoever_waits_and_it_can_go_on_afterwards(desk, pool):
    desk.shut_with("a", pool)
    answer = pool.submit(desk.shared.hand_in, "b", by="b")
    desk.wait_for_waiting(2)
    desk.open.set()
    desk.shared.close()
    assert answer.result(10) == "answer to b"
    assert desk.shared.hand_in("c", by="c") == "answer to c"


def test_closing_from_several_threads_ends(pool):
    for _ in range(20):
        desk = Desk()
        answers = [pool.submit(desk.shared.hand_in, str(number), by=number) for number in range(8)]
        closing = [pool.submit(desk.shared.close) for _ in range(4)]
        assert [answer.result(10) for answer in answers] == [f"answer to {number}" for number in range(8)]
        assert [each.result(10) for each in closing] == [None] * 4
        desk.shared.close()


def test_whoever_waits_for_a_crowd_waits_for_one_heavy_item_at_most(pool):
    desk = Desk(crowd_seconds=10)
    behind = desk.shut_with_one_behind(pool)
    uploads = [pool.submit(desk.shared.hand_in, f"upload {number}", by=number, weight=500) for number in range(3)]
    desk.wait_for_waiting(5)
    desk.open.set()
    assert behind.result(5) == "answer to b"
    assert all(upload.result(5) for upload in uploads)
    assert desk.groups.index(["b"]) == 2
    desk.shared.close()


def test_a_crowd_stays_together(pool):
    desk = Desk(crowd_seconds=10)
    behind = desk.shut_with_one_behind(pool)
    desk.open.set()
    desk.wait_for_waiting(1)
    again = pool.submit(desk.shared.hand_in, "a again", by="first")
    assert [behind.result(5), again.result(5)] == ["answer to b", "answer to a again"]
    assert desk.groups == [["a"], ["b", "a again"]]
    desk.shared.close()


def test_who_does_not_come_again_is_waited_for_a_moment_only(pool):
    desk = Desk(crowd_seconds=0.01)
    behind = desk.shut_with_one_behind(pool)
    desk.open.set()
    assert behind.result(5) == "answer to b"
    assert desk.shared.hand_in("c", by="c") == "answer to c"
    desk.shared.close()


def test_of_a_crowd_that_thins_out_nobody_is_forgotten(pool):
    desk = Desk(crowd_seconds=0.002)
    answers = [pool.submit(desk.shared.hand_in, str(number), by=number) for number in range(40)]
    for place, answer in enumerate(answers):
        assert answer.result(10) == f"answer to {place}"
    for number in range(20):
        assert desk.shared.hand_in(str(number), by=1) == f"answer to {number}"
    desk.shared.close()


def test_two_writers_write_one_group_of_each_kind_beside_each_other(pool):
    both, lock, active = threading.Event(), threading.Lock(), {"light": 0, "heavy": 0}
    most = dict(active)

    def act(items: list[str]) -> list[str]:
        kind = items[0]
        with lock:
            active[kind] += 1
            most[kind] = max(most[kind], active[kind])
            if active["light"] and active["heavy"]:
                both.set()
        both.wait(10)
        with lock:
            active[kind] -= 1
        return items

    shared = GroupCommit(act, writers=lambda: 2, most_of_one=1000, most_of_one_then=1000)
    weights = {"light": 1, "heavy": 500}
    kinds = ["light", "light", "heavy"] * 20
    answers = [pool.submit(shared.hand_in, kind, by=place, weight=weights[kind]) for place, kind in enumerate(kinds)]
    assert [answer.result(20) for answer in answers] == kinds
    assert both.is_set()
    assert most == {"light": 1, "heavy": 1}
    shared.close()
