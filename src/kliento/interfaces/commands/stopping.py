"""How it reads on the command line that a third party is stopped."""

from datetime import UTC, datetime


def since_when_and_by_whom(suspended_at: datetime | None, suspended_by: str) -> str:
    """In words; one that was stopped before this was noted says so."""
    if suspended_at is None:
        return "stopped, it was not noted when and by whom"
    return f"stopped {suspended_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC by {suspended_by}"
