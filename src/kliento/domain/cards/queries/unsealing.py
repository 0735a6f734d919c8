"""Codes that waited at a till without a network: sealed to the server's key, so that a stolen till holds none.

A sealed code is base64url without padding of

    0x01 | ephemeral P-256 point, uncompressed (65 bytes) | nonce (12) | AES-256-GCM ciphertext and tag

The key is HKDF-SHA-256 of the ECDH secret, salted with the ephemeral point, for `kliento sealed scan 1`. The scan's id,
as it is written (lower case, with hyphens), is the associated data: a sealed code opens for its own scan alone.
"""

import base64
import binascii
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_VERSION, _POINT, _NONCE = 1, 65, 12
_INFO = b"kliento sealed scan 1"
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_sealing_key() -> bytes:
    """What tills seal waiting codes to: an uncompressed P-256 point, 65 bytes."""
    return _private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def unsealed(scan_id: UUID, sealed: str) -> str | None:
    """The code that waited under this scan's id; None when it was not sealed to us, or for another scan."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        version, point, nonce, ciphertext = (
            raw[0],
            raw[1 : 1 + _POINT],
            raw[1 + _POINT :][:_NONCE],
            raw[1 + _POINT + _NONCE :],
        )
        if version != _VERSION:
            return None
        shared = _private_key().exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))
        key = HKDF(hashes.SHA256(), 32, salt=point, info=_INFO).derive(shared)
        return AESGCM(key).decrypt(nonce, ciphertext, str(scan_id).encode()).decode()
    except (ValueError, IndexError, binascii.Error, InvalidTag):
        return None


def _private_key() -> ec.EllipticCurvePrivateKey:
    return _from_seed(settings.KEYRING.made("scan-sealing"))


@lru_cache(maxsize=4)
def _from_seed(seed: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)
