"""Admitting few at once to what takes long: whoever comes when it is full is told so at once, and holds up nobody.

No queue: waiting would hold a thread, and of those there are few. What waits its turn among the admitted, and in what
order it is written, is `kernel.grouping`'s.
"""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from kliento.kernel.errors import Busy, TooMany


class Admission:
    """Places for so many at once, one for each of those who come."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._inside: set[Hashable] = set()
        self._changing = threading.Lock()

    @contextmanager
    def place(self, *, by: Hashable) -> Iterator[None]:
        """A place until the block ends. Raises TooMany for whoever has one already, Busy when none is free."""
        with self._changing:
            if by in self._inside:
                raise TooMany
            if len(self._inside) >= self._most:
                raise Busy
            self._inside.add(by)
        try:
            yield
        finally:
            with self._changing:
                self._inside.remove(by)
