"""The one place that asks what time it is, and what a time is. Rules and actions take `at` as an argument instead."""

from datetime import UTC, datetime

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""What a clock without a battery says. From here to `LATEST` moments are taken, with room to reckon around them."""
LATEST = datetime(2999, 12, 31, tzinfo=UTC)


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(tz=UTC)
