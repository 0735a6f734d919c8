"""Six-digit codes sent by mail. Pure."""

import secrets
from datetime import timedelta

TRIES = 5
# A code, and after it what it was asked for.
CODE_GOOD_FOR = timedelta(minutes=30)
MINUTES_GOOD = f"{CODE_GOOD_FOR.total_seconds() / 60:.0f}"
# What has run out is purged a little later: a last step that began in time may still be writing.
LAST_STEP = timedelta(minutes=5)


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06}"


def digits_of(typed: str) -> str:
    """What somebody typed or pasted, without the spaces and hyphens that mail programs and people put in between."""
    return "".join(sign for sign in typed if sign.isdecimal())
