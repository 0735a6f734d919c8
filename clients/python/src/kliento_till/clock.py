"""The server's time, as well as a till can know it. It judges codes, ids and scans by nothing else.

Each answer carries the server's `Date`. From the first one on this process counts on by a clock that nobody sets;
until then it reckons with the difference that was last known, which the queue keeps.
"""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

_DATE_SECONDS = 1.0  # what a Date leaves out


def steady() -> float:
    """Seconds on a clock that goes on while the machine sleeps, and that nobody sets."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """`wall` is this machine's clock, which may be wrong; `offset` what to add to it for the server's time."""

    def __init__(self, *, wall: Callable[[], float] = time.time, offset: float = 0.0) -> None:
        self._wall = wall
        self.offset = offset
        self._server_at_zero: float | None = None  # the server's time when the steady clock began

    @property
    def is_certain(self) -> bool:
        """Whether the server said its time since this process began."""
        return self._server_at_zero is not None

    def now(self) -> float:
        """Seconds since 1970 on the server's clock."""
        if self._server_at_zero is not None:
            return self._server_at_zero + steady()
        return self._wall() + self.offset

    def learn(self, date: str, *, asked: float) -> bool:
        """Take the `Date` of an answer to what was asked at `asked` (steady). True when the offset changed by that."""
        try:
            said = parsedate_to_datetime(date).timestamp() + _DATE_SECONDS / 2
        except (TypeError, ValueError):
            return False
        received = steady()
        unsure = (received - asked) / 2 + _DATE_SECONDS
        if self._server_at_zero is None or abs(said - self.now()) > unsure:
            self._server_at_zero = said - (asked + received) / 2
        before, self.offset = self.offset, self.now() - self._wall()
        return abs(before - self.offset) > unsure
