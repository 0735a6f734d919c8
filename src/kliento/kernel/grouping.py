"""Group commit: whoever hands something in while others are being written shares the next commit with them.

A durable commit costs about as much for one item as for fifty. So one thread writes, and everything that arrives
meanwhile waits and goes together. When idle nobody waits for company: an item that comes alone is written at once,
alone. The answer comes when it is durable, never before.

    light and heavy   Items are handed in with a weight. Light ones share a group; a heavy one (an upload of 500) goes
                      alone, and light and heavy groups take turns, so that a tap waits for one of them at most; where
                      acts can run beside each other (`writers`), one of each kind does.
    crowds            Whoever is answered in a crowd comes again within a moment. So right after a group of light items
                      the next waits for as many as there were, for a few milliseconds at most: else the crowd falls
                      into two halves that take turns, each paying for a commit of its own.
    fairness          Within each kind the submitters take turns, one item each, whoever has how many waiting.
    back-pressure     Of one submitter only so many items of each kind may be under way, and fewer once it is crowded:
                      the next is refused at once (TooMany) instead of holding a thread that somebody else's first could
                      have.
    failure           A group that fails is tried again one by one: what is wrong with one item is raised to whoever
                      handed that in, and its companions never learn of it. Acts must bear being repeated.

No Django here: what is done with a group, and what a writing thread needs around it, is handed in.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Generic, TypeVar

from kliento.kernel.errors import Busy, TooMany

Item = TypeVar("Item")
Answer = TypeVar("Answer")
_LONGEST_WAIT_SECONDS = 60.0


class GroupCommit(Generic[Item, Answer]):
    """Shares `act` between threads. `act` gets items, makes what they ask durable, and answers them in their order."""

    def __init__(
        self,
        act: Callable[[Sequence[Item]], Sequence[Answer]],
        *,
        around: Callable[[], AbstractContextManager[object]] = nullcontext,
        largest: int = 64,
        most_of_one: int = 8,
        crowded: int = 12,
        most_of_one_then: int = 2,
        crowd_seconds: float = 0.004,
        writers: Callable[[], int] = lambda: 1,
    ) -> None:
        """`around` is entered by each writing thread once, `largest` the weight at which a group is full.

        `crowded`: how many are under way when one submitter may have `most_of_one_then` only.
        `crowd_seconds`: how long as many light items as there were just now are waited for.
        `writers`: how many threads write, asked when they start; more than one where acts can run beside each other.
        """
        self._act = act
        self._around = around
        self._largest = largest
        self._most_of_one = most_of_one
        self._crowded = crowded
        self._most_of_one_then = most_of_one_then
        self._crowd_seconds = crowd_seconds
        self._changed = threading.Condition()
        self._light: _Ring[Item, Answer] = OrderedDict()
        self._heavy: _Ring[Item, Answer] = OrderedDict()
        self._under_way: dict[Hashable, int] = {}
        self._waiting = 0  # handed in and not answered
        self._light_queued = 0  # of these, light and not being written yet
        self._light_groups = 0  # being written, as the next two
        self._heavy_groups = 0
        self._heavy_is_next = False
        self._how_many = writers
        self._crowd = 0  # how many light items there were just now: being written, or waiting behind those
        self._crowd_until = 0.0  # so long they are waited for
        self._closing = False
        self._one_closes = threading.Lock()
        self._writers: list[threading.Thread] = []

    def hand_in(self, item: Item, *, by: Hashable, weight: int = 1) -> Answer:
        """The answer to this item, once it is durable; waits for it. Raises as `begin` and `HandedIn.answered` do."""
        return self.begin(item, by=by, weight=weight).answered()

    def begin(self, item: Item, *, by: Hashable, weight: int = 1) -> "HandedIn[Item, Answer]":
        """Hand in without waiting yet. Raises TooMany at once when the submitter has too much under way already."""
        handed = HandedIn[Item, Answer](item, by, weight, is_heavy=weight > self._largest // 2)
        with self._changed:
            if self._under_way.get(handed.kind, 0) >= self._most_now():
                raise TooMany
            self._waiting += 1
            self._under_way[handed.kind] = self._under_way.get(handed.kind, 0) + 1
            self._light_queued += not handed.is_heavy
            ring = self._heavy if handed.is_heavy else self._light
            ring.setdefault(by, deque()).append(handed)
            self._start()
            if handed.is_heavy or self._light_queued == 1 or not self._crowd_is_coming():
                self._changed.notify()  # of a crowd the first wakes a writer, and the last
        return handed

    def _most_now(self) -> int:
        return self._most_of_one if self._waiting < self._crowded else self._most_of_one_then

    def close(self) -> None:
        """Write what waits, then let the writing thread end; what is handed in later starts another one."""
        with self._one_closes:
            with self._changed:
                writers, self._writers = self._writers, []
                self._closing = True
                self._changed.notify_all()
            for writer in writers:
                writer.join()
            with self._changed:
                self._closing = False
                if self._waiting:  # handed in while they were ending
                    self._start()

    def _start(self) -> None:
        if self._writers or self._closing:
            return
        self._writers = [
            threading.Thread(target=self._write, name=f"group-commit-{number}", daemon=True)
            for number in range(self._how_many())
        ]
        for writer in self._writers:
            writer.start()

    def _write(self) -> None:
        with self._around():
            while group := self._next_group():
                self._write_group(group)
                with self._changed:
                    self._count(group, -1)
                    self._waiting -= len(group)
                    for one in group:
                        self._let_go(one.kind)
                    if not group[0].is_heavy:
                        self._crowd = len(group) + self._light_queued
                        self._crowd_until = time.monotonic() + self._crowd_seconds
                for one in group:
                    one.release()
        with self._changed:
            self._changed.notify_all()  # the others have nothing to wait for either

    def _write_group(self, group: "Sequence[HandedIn[Item, Answer]]") -> None:
        try:
            answers = self._act([one.item for one in group])
            for one, answer in zip(group, answers, strict=True):
                one.answer = answer
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised to whoever handed it in
            if len(group) == 1:
                group[0].error = error
                return
            for one in group:
                self._write_group([one])

    def _next_group(self) -> "list[HandedIn[Item, Answer]]":
        """What is written next; waits for something to be handed in. Empty once it is closing and nothing waits."""
        with self._changed:
            while not (group := self._taken()):
                if self._closing and not (self._light or self._heavy):
                    return []
                self._changed.wait(self._until_crowd() if self._light else None)
            self._count(group, 1)
            return group

    def _taken(self) -> "list[HandedIn[Item, Answer]]":
        """What can begin now beside what is being written: one heavy item, or light ones if they are worth it."""
        light = self._light and not self._light_groups and (self._closing or not self._crowd_is_coming())
        if self._heavy and not self._heavy_groups and (self._heavy_is_next or not light):
            self._heavy_is_next = False
            self._crowd_until = 0.0  # whoever of the crowd is here by the end of it has waited enough
            return [_next_of(self._heavy)]
        group: list[HandedIn[Item, Answer]] = []
        weight = 0
        while light and self._light and weight < self._largest:
            group.append(_next_of(self._light))
            weight += group[-1].weight
        self._heavy_is_next = self._heavy_is_next or bool(group)
        self._light_queued -= len(group)
        return group

    def _crowd_is_coming(self) -> bool:
        return self._light_queued < self._crowd and time.monotonic() < self._crowd_until

    def _until_crowd(self) -> float | None:
        """How long the waiting ones may have to wait for those who are coming; None while others are being written."""
        return None if self._light_groups else max(0.0, self._crowd_until - time.monotonic())

    def _count(self, group: "list[HandedIn[Item, Answer]]", change: int) -> None:
        if group[0].is_heavy:
            self._heavy_groups += change
        else:
            self._light_groups += change

    def _let_go(self, kind: Hashable) -> None:
        self._under_way[kind] -= 1
        if not self._under_way[kind]:
            del self._under_way[kind]


class HandedIn(Generic[Item, Answer]):
    """An item, and whoever waits for its answer."""

    __slots__ = ("_done", "_is_over", "_told", "answer", "by", "error", "is_heavy", "item", "weight")

    def __init__(self, item: Item, by: Hashable, weight: int, *, is_heavy: bool) -> None:
        self.item = item
        self.by = by
        self.weight = weight
        self.is_heavy = is_heavy
        self.answer: Answer
        self.error: Exception | None = None
        self._is_over = False
        self._told: list[Callable[[], object]] = []
        self._done = threading.Lock()
        self._done.acquire()

    @property
    def kind(self) -> Hashable:
        """What is counted together: the light items of one submitter, and its heavy ones."""
        return self.by, self.is_heavy

    def answered(self) -> Answer:
        """The answer, once it is durable; waits for it. To be called once.

        Raises what `act` raised for this item alone, and Busy when no answer came within a minute: then it may or may
        not have been written.
        """
        if not self._done.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise Busy
        if self.error is not None:
            raise self.error
        return self.answer

    def then(self, tell: Callable[[], object]) -> None:
        """Call this once it is over: by whoever writes, or now. `error` is set then, or `answer`."""
        self._told.append(tell)
        if self._is_over:
            self._tell()

    def release(self) -> None:
        """It is over: let whoever waits go on."""
        self._is_over = True
        self._done.release()
        self._tell()

    def _tell(self) -> None:
        with suppress(IndexError):  # told by the other thread, or nobody asked to be
            self._told.pop()()


_Ring = OrderedDict[Hashable, "deque[HandedIn[Item, Answer]]"]


def _next_of(ring: "_Ring[Item, Answer]") -> "HandedIn[Item, Answer]":
    """The first item of whoever is next in turn; if they have more, they come last from now on."""
    by, theirs = ring.popitem(last=False)
    one = theirs.popleft()
    if theirs:
        ring[by] = theirs
    return one
