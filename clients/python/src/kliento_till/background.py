"""A thread that does what need not wait for a customer: hands in what waits, and asks for the newest block list."""

import threading
from collections.abc import Callable
from typing import Self

from kliento_till.answers import Answer, NotKept
from kliento_till.clock import steady
from kliento_till.till import Till

_LOOK_SECONDS = 1.0
_LIST_SECONDS = 15 * 60


class Background:
    """Works for a till until the block ends: `with Till(...) as till, Background(till): ...`."""

    def __init__(self, till: Till, *, on_answers: Callable[[list[Answer]], object] = lambda _answers: None) -> None:
        """`on_answers` is told, in this thread, what became of scans that had waited."""
        self._till = till
        self._on_answers = on_answers
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="kliento-till", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _work(self) -> None:
        next_list = 0.0
        while not self._end.is_set():
            try:
                if self._till.waiting and (answers := self._till.hand_in()):
                    self._on_answers(answers)
                if steady() >= next_list and not self._till.pause_seconds and self._till.refresh():
                    next_list = steady() + _LIST_SECONDS
            except NotKept as full:  # what was answered is asked again when the disk takes it
                self._till.trouble = full
            self._end.wait(max(_LOOK_SECONDS, min(self._till.pause_seconds, 30 * _LOOK_SECONDS)))
