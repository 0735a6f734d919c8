"""What a till can tell about a code by itself. Never more than "genuine": whose it is, and whether it counts, only the
service knows. The order is the service's.

    genuine      signed by the service, of this minute, not used here before: "Saved, counted later"
    unchecked    a number, printed or on a chip: nothing to check it by. "Saved, checked later"
    blocked      on the company's block list: "Not accepted", as online
    used         this code was shown at this till before
    expired      older than its minute: let the phone refresh; `too_early`: newer, check the phone's clock
    not_ours     no code of this register, or mistyped
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from kliento_till.blocking import BlockList
from kliento_till.signatures import is_signed
from kliento_till.symbols import base32, digest_of_number, from_base32, is_number, number_of, tidied

_SLOT_SECONDS = 30
_ROTATING = re.compile(r"K2\.([0-9A-HJKMNP-TV-Z]{6})\.([A-Z2-7]{39})\.([A-Z2-7]{103})")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word for it; of a genuine code the digest under which it is used up."""

    word: str
    digest: bytes | None = None


def judge(
    code: str, *, at: float, code_key: bytes, block_list: BlockList | None, used: Callable[[bytes], bool]
) -> Verdict:
    """The verdict on a code shown then (seconds, server's time); `used`: was this digest shown here before?"""
    tidy = tidied(code)
    rotating = _ROTATING.fullmatch(tidy)
    if rotating is None:
        if tidy.startswith("K2.") or (tidy.startswith("K1") and not is_number(tidy)):
            return Verdict("not_ours")
        return Verdict("blocked" if block_list and block_list.holds(digest_of_number(tidy)) else "unchecked")
    slot, token, signature = rotating.groups()
    raw = from_base32(signature)  # its last symbol has bits to spare: the service takes one way to write it
    if base32(raw) != signature or not is_signed(tidy.rsplit(".", 1)[0].encode(), raw, by=code_key):
        return Verdict("not_ours")
    digest = hashlib.sha256(from_base32(token)).digest()
    if used(digest):
        return Verdict("used")
    distance = int(at) // _SLOT_SECONDS - number_of(slot)
    if not -1 <= distance <= 1:
        return Verdict("expired" if distance > 1 else "too_early")
    if block_list and block_list.holds(digest):
        return Verdict("blocked")
    return Verdict("genuine", digest)
