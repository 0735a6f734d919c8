"""How long to wait between tries, and when to stop. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# A full disk or a mail server's weekend is outlived; what still fails then needs a person to look (`kliento doctor`).
_WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
    timedelta(hours=24),
)
LEASE = timedelta(minutes=5)
GIVEN_UP_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler is given. It may run twice for the same `id` (a crash after the work): it must be idempotent."""

    id: UUID
    kind: str
    ref: str
    subject_id: UUID | None
    attempts: int


def next_try(attempts: int, *, at: datetime) -> datetime | None:
    """When to try again after that many failed attempts; None when it is time to give up."""
    return at + _WAITS[attempts - 1] if attempts <= len(_WAITS) else None
