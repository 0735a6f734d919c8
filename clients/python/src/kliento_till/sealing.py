"""Codes that wait on a till's disk: sealed to the service's key, so that a stolen till holds none.

Base64url of 0x01, an ephemeral P-256 point, a nonce and the AES-256-GCM ciphertext with its tag; see docs/api.md.
"""

import os
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kliento_till.symbols import base64url

_INFO = b"kliento sealed scan 1"
_CURVE = ec.SECP256R1()
_NONCE_BYTES = 12


def sealed(code: str, scan_id: UUID, *, to: bytes) -> str:
    """The code, readable for the owner of this point alone, and for this scan alone. Raises ValueError for no point."""
    own = ec.generate_private_key(_CURVE)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to))
    key = HKDF(hashes.SHA256(), 32, salt=point, info=_INFO).derive(shared)
    nonce = os.urandom(_NONCE_BYTES)
    return base64url(b"\x01" + point + nonce + AESGCM(key).encrypt(nonce, code.encode(), str(scan_id).encode()))
