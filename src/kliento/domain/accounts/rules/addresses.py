"""Links that bring a former sign-in address back. Pure."""

import hashlib
import secrets
from datetime import datetime, timedelta

# Long enough to come back from a week's holiday and read one's mail.
REVERT_WITHIN = timedelta(days=7)


def new_link_secret() -> str:
    """192 random bits, for an address of a page."""
    return secrets.token_urlsafe(24)


def link_hash(secret: str) -> bytes:
    """What is stored of it. A plain hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def is_settled(since: datetime | None, *, at: datetime) -> bool:
    """Whether an address that came to the account then, None for long ago, is one that brings the account back."""
    return since is None or since <= at - REVERT_WITHIN
