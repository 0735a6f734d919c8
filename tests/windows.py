"""Rate limits count in fixed windows of the clock: a test that fills one begins where enough of it is left."""

import time

from kliento.web.limits import Limit


def begins_with_room(limit: Limit, *, seconds: float = 20) -> None:
    """Wait for the next window of this limit, if the one now ends within so many seconds."""
    left = limit.window_seconds - time.time() % limit.window_seconds
    if left < seconds:
        time.sleep(left + 0.05)
