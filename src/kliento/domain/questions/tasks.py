"""What questions do by the clock."""

from datetime import datetime, timedelta

from kliento.domain.questions import actions


def expire_askings(at: datetime) -> None:
    """Askings nobody answered in time wait no longer."""
    actions.expire_askings(at=at)


PERIODIC = {"questions.expire_askings": (timedelta(hours=1), expire_askings)}
