"""How a text is sealed, opened and indexed. Pure: keys come in as arguments.

AES-256-GCM. The associated data names the place of a text (table, field, row, owner, version), so that a ciphertext
moved to another row, field, person or version does not open.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from kliento.domain.policy.rules import Field, Source
from kliento.kernel.errors import Invalid, NotFound

IndexKind = Literal["email", "phone", "card", "claim_code", "erasure", "entry", "block_list"]
NONCE_BYTES = 12


class CannotOpen(Invalid):
    """A ciphertext that was changed, or does not stand where it was sealed."""

    code = "cannot_open"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text stands; all of it is authenticated with the text."""

    table: str
    field: str
    row: object
    owner_id: UUID
    version: int = 1

    def associated(self) -> bytes:
        """The associated data: `table|field|row|owner|version`."""
        return f"{self.table}|{self.field}|{self.row}|{self.owner_id}|{self.version}".encode()


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value to be sealed. Never printed with its text."""

    owner_id: UUID
    field: str
    text: str = attribute(repr=False)
    source: str


@dataclass(frozen=True, slots=True)
class SealedValue:
    """The current version of one field of one owner, as it stands in the table."""

    id: UUID
    owner_id: UUID
    field: str
    version: int
    source: str
    hidden: bool
    stored_at: datetime
    nonce: bytes = attribute(repr=False)
    ciphertext: bytes = attribute(repr=False)


@dataclass(frozen=True, slots=True)
class DataKeys:
    """The wrapped keys of some owners and the epoch keys that unwrap them; unwrapped one by one, as they are needed."""

    wrapped: Mapping[UUID, tuple[str, bytes]] = attribute(repr=False)
    epochs: Mapping[str, bytes] = attribute(repr=False)

    def of(self, owner_id: UUID) -> bytes:
        """The owner's key. Raises NotFound when it was destroyed or never made."""
        try:
            epoch, wrapped = self.wrapped[owner_id]
        except KeyError:
            raise NotFound(code="no_data_key") from None
        return aes_key_unwrap(self.epochs[epoch], wrapped)


def belong_together(main: UUID | None, keys: UUID | None, *, main_used: bool, keys_used: bool) -> bool:
    """Whether two databases, by the ids they carry and whether anything was sealed with them, are one instance's.

    Without any id, both were used or neither was. With one id, neither was: else one of them is new beside the other's
    old partner.
    """
    if main is not None and keys is not None:
        return main == keys
    if main is None and keys is None:
        return main_used == keys_used
    return not main_used and not keys_used


def check_declared(declared: Field, source: Source) -> None:
    """A value of a field in use comes from one of the sources declared for that field (R-SRC-1). Raises Invalid."""
    if declared.status != "in_use":
        raise Invalid(code="planned_field", pointer=declared.code)
    if source.code not in declared.sources:
        raise Invalid(code="source_not_declared_for_field", pointer=declared.code)


def epoch_of(at: datetime) -> str:
    """The epoch a key made at that moment belongs to, `2026-11`; the keyring calls it `epoch-2026-11`."""
    return f"{at:%Y-%m}"


def wrap(epoch_key: bytes, data_key: bytes) -> bytes:
    """A data key under its epoch's key (AES key wrap, RFC 3394): 40 bytes."""
    return aes_key_wrap(epoch_key, data_key)


def seal(key: bytes, text: str, place: Place) -> tuple[bytes, bytes]:
    """The nonce and the ciphertext of a text."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, text.encode(), place.associated())


def opened(key: bytes, nonce: bytes, ciphertext: bytes, place: Place) -> str:
    """The text. Raises CannotOpen for a ciphertext that was changed or moved."""
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, place.associated()).decode()
    except InvalidTag:
        raise CannotOpen(pointer=f"{place.table}.{place.field}") from None


def blind_index(key: bytes, kind: IndexKind, text: str) -> bytes:
    """32 bytes that are equal for equal texts and tell nothing without the key: HMAC-SHA-256, a key for each kind."""
    return hmac.digest(_index_key(key, kind), text.encode(), "sha256")


@lru_cache(maxsize=16)
def _index_key(key: bytes, kind: IndexKind) -> bytes:
    return hmac.digest(key, kind.encode(), "sha256")
