"""The one place that asks what time it is. Rules and actions take `at` as an argument instead."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(tz=UTC)
