"""The number of a contactless chip (its UID), as readers send it: 4, 7 or 10 bytes in hex, ISO/IEC 14443-3.

Decimal is not read: of four bytes written as ten digits nobody can tell which end the reader began with, so one chip
would be two, or two chips one (docs/decisions/0023).
"""

from enum import StrEnum

_BYTES = (4, 7, 10)
_LONGEST_WRITTEN = 48  # characters looked at: ten bytes, each with something between
_BETWEEN = str.maketrans("", "", " :-.\u00a0")
_HEX = frozenset("0123456789ABCDEF")


class Unfit(StrEnum):
    """Why a UID cannot stand for one chip: it is another one each time, only a part, or the number of several."""

    RANDOM = "random"
    PART = "part"
    SHARED = "shared"


def written(text: str) -> str | None:
    """The UID in the one form that is compared, capitals and nothing between: 04A23B5C; None for any other text."""
    if len(text) > _LONGEST_WRITTEN:
        return None
    plain = text.upper().translate(_BETWEEN).removeprefix("0X")
    return plain if len(plain) in tuple(2 * size for size in _BYTES) and _HEX.issuperset(plain) else None


def unfit(uid: str) -> Unfit | None:
    """Whether this UID, as `written`, tells its chip from others; judged by its first byte, as the standard has it.

    Of four bytes only: 08 is made anew each time (phones do that), 88 says that more was to follow, and those that end
    in F are given to several chips. One digit all through is no number but a reader's silence.
    """
    if len(set(uid)) == 1:
        return Unfit.PART
    if len(uid) != 8:
        return None
    if uid.startswith("08"):
        return Unfit.RANDOM
    if uid.startswith("88"):
        return Unfit.PART
    return Unfit.SHARED if uid[1] == "F" else None
