"""What accounts do in the background: forget what has run out."""

from datetime import datetime, timedelta

from kliento.domain.accounts import actions


def purge_signups(at: datetime) -> None:
    """Unfinished sign-ups leave nothing (R-REG-1)."""
    actions.purge_signups(at=at)


def purge_resets(at: datetime) -> None:
    """Resets nobody finished."""
    actions.purge_resets(at=at)


def purge_sessions(at: datetime) -> None:
    """Sessions that have run out."""
    actions.purge_sessions(at=at)


PERIODIC = {
    "accounts.purge_signups": (timedelta(minutes=10), purge_signups),
    "accounts.purge_resets": (timedelta(hours=1), purge_resets),
    "accounts.purge_sessions": (timedelta(hours=6), purge_sessions),
}
