"""What of an entry is hashed, and how. Pure; docs/sealing.md says the same for whoever writes a verifier of their own.

A leaf is canonical JSON: keys sorted, no spaces, UTF-8 unescaped. What an erasure takes (subject, payload, salt) is in
it as one hash, so the leaf outlives the erasure and the salt, gone with it, keeps anybody from guessing what it was.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from kliento.domain.activity.rules.tree import leaf_hash

VERSION = 1
ERASED_UNSEEN = bytes(32)
"""Stands for the hash of what was erased before it was sealed."""
_NOBODY = UUID(int=0)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Sealable:
    """A row of the log as the seal sees it: every column."""

    seq: int
    id: UUID
    xid: int
    subject_id: UUID | None
    number: int | None
    kind: str
    recipient_id: UUID | None
    purpose: str
    basis: str
    fields: object
    at: datetime
    until: datetime | None
    salt: bytes | None
    payload: object

    @property
    def is_erased(self) -> bool:
        """Whether it is in the erased shape, or pretends to be: every row is written with a salt."""
        return self.salt is None

    def payload_hash(self) -> bytes:
        """SHA-256(salt | subject | payload): 16 bytes each of salt and subject, then canonical JSON."""
        if self.salt is None:
            return ERASED_UNSEEN
        subject = (self.subject_id or _NOBODY).bytes
        return sha256(bytes(self.salt) + subject + canonical(self.payload)).digest()

    def content(self, payload_hash: bytes) -> dict[str, object]:
        """What no erasure takes, as it is hashed and shown in a proof."""
        return {
            "at": moment(self.at),
            "basis": self.basis,
            "fields": self.fields,
            "id": str(self.id),
            "kind": self.kind,
            "number": self.number,
            "payload_hash": payload_hash.hex(),
            "purpose": self.purpose,
            "recipient": None if self.recipient_id is None else str(self.recipient_id),
            "seq": self.seq,
            "until": None if self.until is None else moment(self.until),
            "v": VERSION,
            "xid": self.xid,
        }

    def leaf(self, payload_hash: bytes) -> bytes:
        """The leaf's hash."""
        return leaf_hash(canonical(self.content(payload_hash)))


def canonical(value: object) -> bytes:
    """The one way these bytes are written: RFC 8785, for what Activity holds (no fractions, plain keys)."""
    return _ENCODER.encode(value).encode()


def moment(at: datetime) -> str:
    """A time in UTC with all six digits of its fraction."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of_row(row: Mapping[str, object]) -> str:
    """A row by its columns, as one hash that an entry can carry."""
    return sha256(canonical(dict(row))).hexdigest()


def digest_of_erased(entry_ids: Iterable[UUID]) -> str:
    """Which entries were erased together, as one hash; the order does not matter."""
    digest = sha256()
    for entry_id in sorted(entry_ids):
        digest.update(entry_id.bytes)
    return digest.hexdigest()
