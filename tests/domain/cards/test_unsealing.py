"""Codes that waited at a till: sealed as the page seals them, opened for their own scan alone."""

import base64
import os
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kliento.domain.cards.queries import public_sealing_key, unsealed
from kliento.kernel.ids import new_id

CODE = "K1ABCDEFGHJKMNPQ"


def sealed(code: str, scan_id: UUID, *, to: bytes | None = None) -> str:
    """As a till seals."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to or public_sealing_key())
    own = ec.generate_private_key(ec.SECP256R1())
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), theirs)
    key = HKDF(hashes.SHA256(), 32, salt=point, info=b"kliento sealed scan 1").derive(shared)
    nonce = os.urandom(12)
    raw = b"\x01" + point + nonce + AESGCM(key).encrypt(nonce, code.encode(), str(scan_id).encode())
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_sealed_code_opens_for_its_scan(db) -> None:
    scan_id = new_id()
    assert unsealed(scan_id, sealed(CODE, scan_id)) == CODE


def test_a_sealed_code_opens_for_no_other_scan(db) -> None:
    assert unsealed(new_id(), sealed(CODE, new_id())) is None


def test_what_was_sealed_to_another_key_does_not_open(db) -> None:
    scan_id, other = new_id(), ec.generate_private_key(ec.SECP256R1()).public_key()
    point = other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert unsealed(scan_id, sealed(CODE, scan_id, to=point)) is None


def test_what_is_no_sealed_code_is_none(db) -> None:
    scan_id = new_id()
    good = sealed(CODE, scan_id)
    for broken in ["", "A", "ä", "AQ", good[:-5], "Ag" + good[2:], "x" * 300, good[:20] + "AAAA" + good[24:]]:
        assert unsealed(scan_id, broken) is None


def test_the_key_stays_the_same(db) -> None:
    assert public_sealing_key() == public_sealing_key()
    assert len(public_sealing_key()) == 65
