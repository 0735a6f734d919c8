"""The one place that asks what time it is, and what a time is. Rules and actions take `at` as an argument instead."""

from datetime import UTC, date, datetime

from django.utils.timezone import get_default_timezone

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""What a clock without a battery says. From here to `LATEST` moments are taken, with room to reckon around them."""
LATEST = datetime(2999, 12, 31, tzinfo=UTC)


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(tz=UTC)


def day_of(at: datetime) -> date:
    """The day it then is where the register holder is: on it somebody turns 18, and a card has had its stamp.

    Raises ValueError for a time that does not say its zone.
    """
    if at.tzinfo is None:
        raise ValueError("A moment without a zone is on no day.")
    return at.astimezone(get_default_timezone()).date()
