"""What the inbox does in the background."""

from datetime import datetime, timedelta

from kliento.domain.inbox import actions


def purge_messages(at: datetime) -> None:
    """Delete messages past their time."""
    actions.purge_messages(at=at)


PERIODIC = {"inbox.purge_messages": (timedelta(days=1), purge_messages)}
