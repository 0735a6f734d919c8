"""Card codes: making, reading and judging them. Pure; the keys are passed in.

`K1` + 13 random Crockford symbols (65 bits) + a check symbol: the card number, printed or typed. Always the same.

`K2.<slot>.<token>.<signature>`: what the phone shows, good for one slot of 30 seconds and the one after it.
  slot       the number of 30-second steps since 1970, six Crockford symbols
  token      AES-SIV of the card's ordinal under the slot, base32. SIV's synthetic IV is PRF(ordinal, slot):
             nothing in two tokens of one card is alike, yet the code of any slot can be computed again
  signature  Ed25519 over all before it, base32: a till can check a code offline with the public key alone
Only capital letters, digits and dots, 153 of them, so the QR code is alphanumeric and stays at version 6 (41 modules).

Besides these a chip's UID in hex can be a card that somebody carries already: one number however a reader writes it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from kliento.kernel import crockford, products, uids

SLOT = timedelta(seconds=30)
PREFETCHED_SLOTS = 240  # two hours without a network
LIST_PERIOD = timedelta(hours=6)
"""A block list that says the same as before is signed anew this often."""
LIST_GOOD_FOR = timedelta(hours=24)
"""After that a till without a network says that its list is old."""
ENTRY_BYTES = 10  # of a block list: with 100,000 entries one code in 10^19 is taken for a blocked one
LONGEST_CODE = 200  # characters looked at; anything longer is no card code
LEVELS = ("uid", "static", "rotating", "cryptographic")
"""How hard a medium is to copy, the weakest first."""
LEVEL_OF = {"phone": "rotating", "printed": "static", "nfc": "uid", "travel": "uid"}
"""The level of each kind of medium. What a chip could do beyond its number nobody asks it, so it does not count."""
MOST_MEDIA = 12  # of one card: as many carriers as somebody can keep in mind
LONGEST_NAME = 40  # of a medium, as its holder calls it
MOST_BLANK_CARDS = 500  # in one batch
SHEETS_SHOWN = timedelta(hours=1)  # with the numbers of the cards that were just made
CODE_GIVEN_WITHIN = timedelta(minutes=30)  # of the card's visit: its holder stands at the till
CODE_LASTS = timedelta(days=30)
AN_HOUR = timedelta(hours=1)
CODES_AN_HOUR = 20  # at one terminal
UNDO_WITHIN = timedelta(days=7)
LETTERS_APART = timedelta(days=1)  # about claims, to one third party
UNREGISTERED_KEPT = timedelta(days=90)
"""How long visits are kept under an unregistered card alone (R-REG-1)."""
_NUMBER_SYMBOLS = 13
_CLAIM_SYMBOLS = 12
_SLOT_SYMBOLS = 6
_TOKEN_BYTES = 16 + 8


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """The two keys behind rotating codes: `token` (32 bytes, AES-SIV) and `signing` (an Ed25519 seed)."""

    token: bytes
    signing: bytes

    def __repr__(self) -> str:
        return "CodeKeys(...)"


@dataclass(frozen=True, slots=True)
class Rotating:
    """A rotating code whose signature held: which card, which slot, and the digest it is spent under."""

    ordinal: int
    slot: int
    digest: bytes


class Freshness(StrEnum):
    """How a rotating code's slot stands to the moment it was shown."""

    FRESH = "fresh"
    EXPIRED = "expired"
    TOO_EARLY = "too_early"


class NoChip(StrEnum):
    """Why a number that was read cannot be the card of whoever holds it."""

    NOT_A_UID = "not_a_uid"
    PRODUCT = "product_number"
    RANDOM = "uid_random"
    PART = "uid_part"
    SHARED = "uid_shared"


def at_least(level: str, wanted: str) -> bool:
    """Whether a medium of this level may stand where that one is wanted."""
    return LEVELS.index(level) >= LEVELS.index(wanted)


def new_number() -> str:
    """A new card number: K1, 13 random symbols, a check symbol."""
    symbols = crockford.random_symbols(_NUMBER_SYMBOLS)
    return f"K1{symbols}{crockford.check_symbol(symbols)}"


def new_claim_code() -> str:
    """A new claim code: 12 random symbols (60 bits) and a check symbol."""
    symbols = crockford.random_symbols(_CLAIM_SYMBOLS)
    return symbols + crockford.check_symbol(symbols)


def is_claim_code(typed: str) -> bool:
    """Whether what was typed, tidied, can be a claim code at all: a slip is told apart without asking anybody."""
    return (
        len(typed) == _CLAIM_SYMBOLS + 1
        and crockford.is_written_in_it(typed)
        and crockford.check_symbol(typed[:-1]) == typed[-1]
    )


def code_expires(given_at: datetime, *, visit_at: datetime) -> datetime:
    """When a claim code ends: never later than what it would bring."""
    return min(given_at + CODE_LASTS, visit_at + UNREGISTERED_KEPT)


def number_for_reading(number: str) -> str:
    """The card number, or a claim code, in groups of four: K1AB CDEF GHJK MNPQ."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def tidied(code: str) -> str:
    """The code in the one form that is indexed: capitals, no spaces; a typed K1 with look-alikes read as meant.

    A UID is the same with or without something between its bytes.
    """
    plain = "".join(code[:LONGEST_CODE].upper().split())
    if plain.startswith("K2."):
        return plain
    tidy = crockford.tidied(plain)
    return tidy if tidy.startswith("K1") else uids.written(tidy) or tidy


def is_number(code: str) -> bool:
    """Whether a tidied code is a card number whose check symbol fits."""
    body = code[2:]
    return (
        code.startswith("K1")
        and len(body) == _NUMBER_SYMBOLS + 1
        and crockford.is_written_in_it(body)
        and crockford.check_symbol(body[:-1]) == body[-1]
    )


def chip_number(read: str) -> str | NoChip:
    """The chip's number in a text that was read or typed, in its one form; or why it cannot be a card.

    Letters stand for themselves here: a word is not read as digits that look like it.
    """
    plain = "".join(read[:LONGEST_CODE].split())
    if products.is_number(plain):
        return NoChip.PRODUCT
    uid = uids.written(plain)
    if uid is None:
        return NoChip.NOT_A_UID
    unfit = uids.unfit(uid)
    return uid if unfit is None else NoChip[unfit.name]


def slot_at(moment: datetime) -> int:
    """The slot that holds this moment."""
    return int(moment.timestamp()) // int(SLOT.total_seconds())


def end_of_slot(slot: int) -> datetime:
    """When the slot's code is replaced on the phone; it is still taken for one slot more."""
    return datetime.fromtimestamp((slot + 1) * SLOT.total_seconds(), tz=UTC)


def rotating_code(ordinal: int, slot: int, *, keys: CodeKeys) -> str:
    """The card's code for this slot; the same at every call."""
    written_slot = crockford.number_as_symbols(slot, length=_SLOT_SYMBOLS)
    token = _sealer(keys.token).encrypt(ordinal.to_bytes(8, "big"), [written_slot.encode()])
    signed = f"K2.{written_slot}.{_base32(token)}"
    return f"{signed}.{_base32(_signature(signed, keys=keys))}"


def public_key(keys: CodeKeys) -> bytes:
    """What a till needs to check rotating codes offline: 32 bytes."""
    return _signer(keys.signing).public_key().public_bytes_raw()


def read_rotating(code: str, *, keys: CodeKeys) -> Rotating | None:
    """The rotating code behind a tidied text, or None if it is none of ours.

    AES-SIV alone tells that the token is ours. The signature must be the one we made as well, so that what a till
    refuses offline is refused here: Ed25519 has one for each text, and making it again costs a third of checking it.
    """
    try:
        signed, signature = code.rsplit(".", 1)
        prefix, written_slot, written_token = signed.split(".")
        if prefix != "K2" or len(written_slot) != _SLOT_SYMBOLS:
            return None
        slot = crockford.number_of(written_slot)
        token = _from_base32(written_token)
        if len(token) != _TOKEN_BYTES:
            return None
        ordinal = _sealer(keys.token).decrypt(token, [written_slot.encode()])
        shown = _from_base32(signature)
    except (ValueError, KeyError, InvalidTag):
        return None
    if not hmac.compare_digest(shown, _signature(signed, keys=keys)):
        return None
    return Rotating(int.from_bytes(ordinal, "big"), slot, hashlib.sha256(token).digest())


def freshness(slot: int, *, shown_at: datetime) -> Freshness:
    """Good in its slot and the next; one slot early is taken too, for a phone's clock that runs fast."""
    distance = slot_at(shown_at) - slot
    if distance > 1:
        return Freshness.EXPIRED
    return Freshness.FRESH if distance >= -1 else Freshness.TOO_EARLY


def digest_of_number(code: str) -> bytes:
    """What a block list knows a number by, given in its tidied form; a rotating code has its own digest."""
    return hashlib.sha256(code.encode()).digest()


def digests_of_phone(ordinal: int, *, first: int, last: int, keys: CodeKeys) -> Iterator[bytes]:
    """The digests of the codes this card's phone shows in these slots, both included."""
    sealer = _sealer(keys.token)
    for slot in range(first, last + 1):
        written_slot = crockford.number_as_symbols(slot, length=_SLOT_SYMBOLS)
        yield hashlib.sha256(sealer.encrypt(ordinal.to_bytes(8, "big"), [written_slot.encode()])).digest()


def start_of_period(at: datetime) -> datetime:
    """Since when block lists with the same entries are the same list."""
    return at - timedelta(seconds=at.timestamp() % LIST_PERIOD.total_seconds())


def list_entries(digests: Iterable[bytes], *, list_key: bytes) -> bytes:
    """The entries of one third party's block list, sorted, one after the other."""
    return b"".join(sorted({hmac.digest(list_key, digest, "sha256")[:ENTRY_BYTES] for digest in digests}))


def signature_of_list(third_party_id: UUID, *, made_at: str, good_until: str, entries: str, keys: CodeKeys) -> bytes:
    """Ed25519 over what a till has in hand, as it is written there: five lines, the first of which says what it is."""
    signed = "\n".join(("kliento-block-list-1", str(third_party_id), made_at, good_until, entries))
    return _signer(keys.signing).sign(signed.encode())


@lru_cache(maxsize=4)
def _signer(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=4)
def _sealer(key: bytes) -> AESSIV:
    return AESSIV(key)


def _signature(signed: str, *, keys: CodeKeys) -> bytes:
    return _signer(keys.signing).sign(signed.encode())


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).rstrip(b"=").decode()


def _from_base32(text: str) -> bytes:
    """What `_base32` wrote, and nothing else: one text for the same bytes. Four times as fast as the library's.

    Raises ValueError.
    """
    if not _IS_BASE32(text):
        raise ValueError("Not base32.")
    number, spare = int(text.translate(_AS_DIGITS), 32), 5 * len(text) % 8
    if number & ((1 << spare) - 1):
        raise ValueError("Not as it is written.")
    return (number >> spare).to_bytes(5 * len(text) // 8, "big")


_IS_BASE32 = re.compile(r"[A-Z2-7]+").fullmatch
_AS_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
