"""What consents do by the clock."""

from datetime import datetime, timedelta

from kliento.domain.consents import actions


def note_outdated(at: datetime) -> None:
    """Say in Activity which consents have no force any more."""
    actions.note_outdated(at=at)


def forget_asking(at: datetime) -> None:
    """Forget whom something was only shown, or who said no, once that has been kept long enough."""
    actions.forget_asking(at=at)


PERIODIC = {
    "consents.forget_asking": (timedelta(days=1), forget_asking),
    "consents.note_outdated": (timedelta(minutes=5), note_outdated),
}
