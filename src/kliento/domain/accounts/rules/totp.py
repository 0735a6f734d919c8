"""Codes of an authenticator app: RFC 6238, six digits, a new one every 30 seconds. Pure; `cryptography` hashes."""

import base64
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SET_UP_WITHIN = timedelta(days=1)
_STEP_SECONDS = 30
_DIGITS = 6
_SECRET_BYTES = 20  # what RFC 4226 recommends, and every app takes
_DRIFT = 1  # steps a clock may be off, either way


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def fitting_step(secret: str, digits: str, *, at: datetime, after: int) -> int | None:
    """The step whose code this is, a neighbour of the one of `at` included; None for any other code.

    A step that is not later than `after` was used, or might have been: its code is good no more.
    """
    here = int(at.timestamp()) // _STEP_SECONDS
    fitting = [
        step
        for step in range(here - _DRIFT, here + _DRIFT + 1)
        if bytes_eq(_code(secret, step).encode(), digits.encode()) and step > after
    ]
    return fitting[0] if fitting else None


def code_at(secret: str, *, at: datetime) -> str:
    """What the app shows then."""
    return _code(secret, int(at.timestamp()) // _STEP_SECONDS)


def address_for_apps(secret: str, *, name: str, issuer: str) -> str:
    """The otpauth address in the QR code. `name` tells one's accounts apart in the app."""
    label = quote(f"{issuer}:{name}" if name else issuer, safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def in_groups(secret: str) -> str:
    """The secret as people type it."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def _code(secret: str, step: int) -> str:
    key = base64.b32decode(secret)
    return TOTP(key, _DIGITS, SHA1(), _STEP_SECONDS).generate(step * _STEP_SECONDS).decode()  # noqa: S303 - RFC 6238
