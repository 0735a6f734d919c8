"""How codes are written, as the service has it: Crockford's 32 symbols with a Luhn check, base32, base64url."""

import base64
import hashlib

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(_CROCKFORD)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", "\u00a0": ""})
_BETWEEN = str.maketrans("", "", " :-.\u00a0")
_HEX = frozenset("0123456789ABCDEF")
_UID_LENGTHS = (8, 14, 20)
_LONGEST = 200
_LONGEST_UID = 48


def tidied(code: str) -> str:
    """The code in the one form that is compared: capitals, no spaces; look-alikes in a typed number as meant."""
    plain = "".join(code[:_LONGEST].upper().split())
    if plain.startswith("K2."):
        return plain
    tidy = plain.translate(_READ_AS)
    return tidy if tidy.startswith("K1") else _uid(tidy) or tidy


def is_number(tidy: str) -> bool:
    """Whether this is a card number whose check symbol fits."""
    body = tidy[2:]
    return (
        tidy.startswith("K1")
        and len(body) == 14
        and all(symbol in _VALUE for symbol in body)
        and check_symbol(body[:-1]) == body[-1]
    )


def check_symbol(symbols: str) -> str:
    """The Luhn mod 32 check symbol."""
    total = 0
    for place, symbol in enumerate(reversed(symbols)):
        doubled = _VALUE[symbol] * (2 if place % 2 == 0 else 1)
        total += doubled // 32 + doubled % 32
    return _CROCKFORD[-total % 32]


def number_of(symbols: str) -> int:
    """The number behind Crockford's symbols; raises KeyError for any other."""
    number = 0
    for symbol in symbols:
        number = number << 5 | _VALUE[symbol]
    return number


def from_base32(text: str) -> bytes:
    """Bytes from base32 without padding; raises ValueError for anything else."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def base32(raw: bytes) -> str:
    """Base32 without padding: the one way to write these bytes."""
    return base64.b32encode(raw).rstrip(b"=").decode()


def base64url(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest_of_number(tidy: str) -> bytes:
    """What a block list knows a number by."""
    return hashlib.sha256(tidy.encode()).digest()


def _uid(text: str) -> str | None:
    if len(text) > _LONGEST_UID:
        return None
    plain = text.translate(_BETWEEN).removeprefix("0X")
    return plain if len(plain) in _UID_LENGTHS and _HEX.issuperset(plain) else None
