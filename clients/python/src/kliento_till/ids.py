"""The names a till gives its scans: UUIDv7, so that the same scan sent twice is recorded once."""

import secrets
import threading
from collections.abc import Callable
from uuid import UUID

_TREMBLES_MILLISECONDS = 5000


class Ids:
    """Makes ids of the moment `now` says (seconds since 1970), each greater than the last unless the clock was set."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last = 0  # time and random bits, 122 of them

    def new(self) -> UUID:
        """A UUIDv7 (RFC 9562)."""
        with self._lock:
            fresh = int(self._now() * 1000) << 74 | secrets.randbits(74)
            behind = (self._last >> 74) - (fresh >> 74)
            # A clock that was set right names the time it is from then on; one that trembles goes on counting.
            ahead = 0 <= behind <= _TREMBLES_MILLISECONDS and fresh <= self._last
            self._last = self._last + 1 + secrets.randbits(32) if ahead else fresh
            return _shaped(self._last)


def seconds_of(identifier: UUID) -> float:
    """When a UUIDv7 says it was made, in seconds since 1970."""
    return (identifier.int >> 80) / 1000


def _shaped(bits: int) -> UUID:
    milliseconds, rest = bits >> 74, bits & ((1 << 74) - 1)
    high, low = rest >> 62, rest & ((1 << 62) - 1)
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)
