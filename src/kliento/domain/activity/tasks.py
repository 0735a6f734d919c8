"""What Activity does in the background."""

from datetime import datetime, timedelta

from kliento.domain.activity.actions.sealing import seal


def seal_entries(at: datetime) -> None:
    """Seal what was entered since the last time."""
    seal(at=at)


# Twice within the minute in which an entry is to be sealed (docs/sealing.md).
PERIODIC = {"activity.seal": (timedelta(seconds=20), seal_entries)}
