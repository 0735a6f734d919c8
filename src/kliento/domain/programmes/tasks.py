"""What programmes do in the background."""

from datetime import datetime, timedelta

from kliento.domain.programmes import actions


def expire_lots(at: datetime) -> None:
    """Enter the stamps that ran out."""
    actions.expire_lots(at=at)


PERIODIC = {"programmes.expire_lots": (timedelta(minutes=10), expire_lots)}
