"""Recovery codes: single use, on paper. Pure."""

from kliento.kernel import crockford

HOW_MANY = 10
_SYMBOLS = 16  # 80 random bits: nobody guesses one, so wrong ones lock nobody out
_GROUP = 4


def new_codes() -> list[str]:
    """Ten of them, as they are kept hashed."""
    return [crockford.random_symbols(_SYMBOLS) for _ in range(HOW_MANY)]


def for_reading(code: str) -> str:
    """In groups, as it is shown."""
    return " ".join(code[place : place + _GROUP] for place in range(0, _SYMBOLS, _GROUP))


def recovery_code_in(typed: str) -> str | None:
    """The code in its one form; None for what cannot be one."""
    code = crockford.tidied(typed)
    return code if len(code) == _SYMBOLS and crockford.is_written_in_it(code) else None
