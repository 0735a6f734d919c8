"""What of a session is stored, and for how long it lasts. Pure."""

import hashlib
from datetime import datetime, timedelta

# How long a sign-in counts as fresh enough to change a password or a passkey.
FRESH = timedelta(minutes=15)
# How long a session lasts after it was last used. A till is one for as long as it stands at its counter: it is revoked,
# it does not run out.
LASTS = {
    "me": timedelta(days=30),
    "counter": timedelta(days=365),
    "partner": timedelta(hours=12),
    "console": timedelta(hours=12),
}
# How exactly "last seen" is known.
SEEN_EVERY = timedelta(hours=1)
# So many signs of a stored key name a session on its owner's page: enough for one's own, and a key no more.
SESSION_ID_LENGTH = 16


def stored_key(cookie: str) -> str:
    """The table holds this instead of what the cookie holds, so that reading the table opens no session.

    A plain hash: a cookie has 160 random bits, there is nothing to guess.
    """
    return hashlib.sha256(cookie.encode()).hexdigest()


def is_fresh(signed_in_at: datetime | None, *, at: datetime) -> bool:
    """Whether somebody proved who they are a short while ago."""
    return signed_in_at is not None and at - signed_in_at < FRESH
