"""What sharing does by the clock."""

from datetime import datetime, timedelta

from kliento.domain.sharing import actions


def end_expired_grants(at: datetime) -> None:
    """End what has run out, and tell its recipients to delete their copies."""
    actions.end_expired_grants(at=at)


def note_outdated_grants(at: datetime) -> None:
    """Say what is shared no more as the words about it changed, and tell its recipients to delete their copies."""
    actions.note_outdated_grants(at=at)


def remind_of_ends(at: datetime) -> None:
    """Remind people of what they share until a day that comes."""
    actions.remind_of_ends(at=at)


def purge_settled_notices(at: datetime) -> None:
    """Delete what is owed to nobody any more."""
    actions.purge_settled_notices()


PERIODIC = {
    "sharing.end_expired_grants": (timedelta(minutes=5), end_expired_grants),
    "sharing.note_outdated_grants": (timedelta(minutes=5), note_outdated_grants),
    "sharing.purge_settled_notices": (timedelta(days=1), purge_settled_notices),
    "sharing.remind_of_ends": (timedelta(hours=1), remind_of_ends),
}
