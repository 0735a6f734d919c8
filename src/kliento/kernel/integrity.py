"""Signed JSON documents: W3C Data Integrity proofs of the kind `eddsa-jcs-2022`.

Source: Verifiable Credential Data Integrity 1.0 and Data Integrity EdDSA Cryptosuites v1.0 (W3C Recommendations, 2025),
JSON Canonicalization Scheme (RFC 8785). The signature covers SHA-256 of the canonical proof options, then SHA-256 of
the canonical document without its proof.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kliento.kernel.errors import Invalid

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # Bitcoin's alphabet, as multibase z has it
_ED25519_KEY = b"\xed\x01"  # multicodec ed25519-pub
_OPTIONS = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


def signed(document: Mapping[str, Any], key: Ed25519PrivateKey, *, method: str, at: datetime) -> dict[str, Any]:
    """The document with its proof. `method` is the address under which the public key stands; `at` in UTC, seconds."""
    options = {
        **_OPTIONS,
        "created": at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z",
        "verificationMethod": method,
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    return {**document, "proof": {**options, "proofValue": _multibase(key.sign(_covered(document, options)))}}


def check_signed(document: Mapping[str, Any], key: Ed25519PublicKey) -> None:
    """Raises Invalid: "not_signed" without such a proof, "not_intact" when it is not this key's for these words."""
    proof = document.get("proof")
    if not isinstance(proof, dict) or any(proof.get(name) != value for name, value in _OPTIONS.items()):
        raise Invalid("There is no proof of the kind eddsa-jcs-2022 in it.", code="not_signed", pointer="proof")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    try:
        key.verify(_bytes_of(str(proof.get("proofValue", ""))), _covered(unsigned, options))
    except (InvalidSignature, ValueError, rfc8785.CanonicalizationError) as error:
        raise Invalid(
            "It is not what was signed, or another key signed it.", code="not_intact", pointer="proof"
        ) from error


def multikey(key: Ed25519PublicKey) -> str:
    """The public key as `publicKeyMultibase` of a Multikey: z6Mk and what follows."""
    return _multibase(_ED25519_KEY + key.public_bytes_raw())


def key_in(text: str) -> Ed25519PublicKey:
    """The key in such a text. Raises Invalid."""
    try:
        raw = _bytes_of(text)
        if not raw.startswith(_ED25519_KEY):
            raise ValueError
        return Ed25519PublicKey.from_public_bytes(raw.removeprefix(_ED25519_KEY))
    except ValueError as error:
        raise Invalid("This is no Ed25519 key: one begins with z6Mk.", code="not_a_key", pointer="key") from error


def _covered(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return b"".join(hashlib.sha256(rfc8785.dumps(dict(part))).digest() for part in (options, document))


def _multibase(raw: bytes) -> str:
    number, digits = int.from_bytes(raw), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "z" + _BASE58[0] * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def _bytes_of(text: str) -> bytes:
    """Raises ValueError for anything but multibase z."""
    if not text.startswith("z") or len(text) > 200:
        raise ValueError("not multibase z")
    digits = text[1:]
    number = 0
    for digit in digits:
        number = number * 58 + _BASE58.index(digit)
    zeros = len(digits) - len(digits.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
