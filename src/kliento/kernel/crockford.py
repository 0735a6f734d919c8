"""Codes that people read aloud and type: Crockford's 32 symbols (no I, L, O, U) and a Luhn check symbol over them.

Crockford's own check symbols (* ~ $ = U) are not used: scanners that act as keyboards break them.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\u00a0": ""})


def random_symbols(count: int) -> str:
    """So many random symbols, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def tidied(typed: str) -> str:
    """What was typed, in one form: capitals, without spaces and hyphens, look-alikes read as meant."""
    return typed.strip().upper().translate(_READ_AS)


def is_written_in_it(symbols: str) -> bool:
    """Whether every symbol is one of the 32."""
    return all(symbol in _VALUE for symbol in symbols)


def check_symbol(symbols: str) -> str:
    """The Luhn mod 32 check symbol: finds every single mistyped symbol and nearly every swap of neighbours."""
    total = 0
    for place, symbol in enumerate(reversed(symbols)):
        doubled = _VALUE[symbol] * (2 if place % 2 == 0 else 1)
        total += doubled // 32 + doubled % 32
    return ALPHABET[-total % 32]


def number_as_symbols(number: int, *, length: int) -> str:
    """The number in exactly so many symbols, most significant first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def number_of(symbols: str) -> int:
    """The number behind the symbols; raises KeyError for any other symbol."""
    number = 0
    for symbol in symbols:
        number = number << 5 | _VALUE[symbol]
    return number
