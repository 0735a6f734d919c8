"""Signed checkpoints: C2SP signed-note with the body of tlog-checkpoint, Ed25519. Pure.

    kliento.example/log/1-5f3a9c20          origin: which log, which epoch
    1024                                    how many leaves
    base64 of the root
                                            (an empty line)
    — NAME base64(4 bytes of key id | 64 bytes of signature)

The key's name is the origin, as tlog-checkpoint has it.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kliento.domain.activity.rules.tree import HASH_BYTES
from kliento.kernel.errors import Invalid

_ED25519 = b"\x01"
_NOTE = re.compile(r"(?:[^\n]+\n){3,}\n(?:— [^\n]+\n)+")
_ORIGIN = re.compile(r"[^\s+]+")
# In a text of many, each by what it says of itself: also one that was added right behind another that is torn.
_WHOLE = re.compile(
    r"(?P<origin>[^\s+]{1,300})\n(?:0|[1-9][0-9]{0,18})\n[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\n\n"
    r"(?:— [^\n]+\n)*?— (?P=origin) [A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=\n(?:— [^\n]+\n)*"
)


class NotACheckpoint(Invalid):
    """It does not read as one, or its signature is not of this key."""

    code = "not_a_checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: so many leaves, with this root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The whole note."""
        signature = _key_id(self.origin, key.public_key()) + key.sign(self.body.encode())
        return f"{self.body}\n— {self.origin} {base64.b64encode(signature).decode()}\n"


def opened(note: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note, once its signature fits. Raises NotACheckpoint."""
    checkpoint = read(note)
    for line in note.removeprefix(checkpoint.body).strip("\n").split("\n"):
        name, _, text = line.removeprefix("— ").rpartition(" ")
        signature = _decoded(text)
        if name == checkpoint.origin and signature[:4] == _key_id(name, key):
            try:
                key.verify(signature[4:], checkpoint.body.encode())
            except InvalidSignature:
                break
            return checkpoint
    raise NotACheckpoint("The signature is not of this log's key.", code="foreign_signature")


def read(note: str) -> Checkpoint:
    """What a note says, whoever signed it. Raises NotACheckpoint."""
    if not _NOTE.fullmatch(note):
        raise NotACheckpoint("This is no checkpoint.")
    origin, size, root, rest = note.split("\n", 3)
    if not (_ORIGIN.fullmatch(origin) and re.fullmatch(r"0|[1-9][0-9]{0,18}", size) and rest.startswith("\n")):
        raise NotACheckpoint("This is no checkpoint.")
    checkpoint = Checkpoint(origin, int(size), _decoded(root))
    if len(checkpoint.root) != HASH_BYTES:
        raise NotACheckpoint("This is no checkpoint.")
    return checkpoint


def notes_in(text: str) -> Iterator[str]:
    """Every whole note in a text that holds one after another, with empty lines between them or none.

    What a crash or a full disk left of one is no note, nor in the way of the next one.
    """
    return (note for note, _ in notes_and_ends(text))


def notes_and_ends(text: str) -> Iterator[tuple[str, int]]:
    """As `notes_in`, each with the place where it ends."""
    return ((found.group(), found.end()) for found in _WHOLE.finditer(text))


def verifier_key(origin: str, key: Ed25519PublicKey) -> str:
    """The key in one line, as C2SP writes it: name, key id, base64 of kind and key."""
    encoded = base64.b64encode(_ED25519 + key.public_bytes_raw()).decode()
    return f"{origin}+{_key_id(origin, key).hex()}+{encoded}"


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _decoded(text: str) -> bytes:
    """Base64 written in the one way it is written here: no spare bits that could be changed unnoticed."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if base64.b64encode(found).decode() != text:
        raise NotACheckpoint("This is no checkpoint.")
    return found
