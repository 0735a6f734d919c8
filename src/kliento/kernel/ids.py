"""Identifiers: UUIDv7 (RFC 9562), so that rows made later sort later and a till can name its scans itself."""

import secrets
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_LAST_MILLISECOND = 253_402_300_799_000  # 9999-12-31 23:59:59: a UUIDv7 has room for later ones, a date has not
_lock = threading.Lock()
_last = 0  # the 74 bits behind the last timestamp, so ids of one process always grow


def new_id() -> UUID:
    """A UUIDv7 that is greater than every one this process made before."""
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << 74 | secrets.randbits(74)
        _last = fresh if fresh > _last else _last + 1 + secrets.randbits(32)
        return _shaped(_last)


def id_at(at: datetime) -> UUID:
    """A UUIDv7 whose time is `at` (millisecond precision); for seeding and tests."""
    return _shaped(int(at.timestamp() * 1000) << 74 | secrets.randbits(74))


def id_of_the_hour(at: datetime) -> UUID:
    """A UUIDv7 that tells its hour and nothing else of when, and beside what, it was made.

    For rows that one act makes at several third parties, who see their ids: by the millisecond, and by the bits that
    grow within it, they would know which of them belong to one person (threat 8).
    """
    return id_at(at.replace(minute=0, second=0, microsecond=0))


def first_id_at(at: datetime) -> UUID:
    """What no UUIDv7 made at `at` or later is lower than: the bound of a range of ids."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def time_of(identifier: UUID) -> datetime | None:
    """The moment a UUIDv7 was made, UTC; None when it is no UUIDv7, or names a year past 9999."""
    milliseconds = identifier.int >> 80
    if identifier.version != 7 or milliseconds > _LAST_MILLISECOND:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _shaped(bits: int) -> UUID:
    milliseconds, random = bits >> 74, bits & ((1 << 74) - 1)
    return UUID(
        int=(milliseconds & ((1 << 48) - 1)) << 80
        | 7 << 76
        | (random >> 62) << 64
        | 0b10 << 62
        | random & ((1 << 62) - 1)
    )
