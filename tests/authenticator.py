"""An authenticator in software: makes passkeys and signs with them as a browser would pass it on, mistakes included."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from kliento.kernel.ids import new_id

_USER_PRESENT, _USER_VERIFIED, _HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey on one device. `origin` is the page the browser believes to be on."""

    origin: str
    host: str = "localhost"
    verifies: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: new_id().bytes)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creates(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid(bytes(16)), self.credential_id, public)
        attested = AttestationObject.create("none", self._facts(_HAS_CREDENTIAL, credential), {})
        client = self._client("webauthn.create", question)
        return self._answer(clientDataJSON=client, attestationObject=bytes(attested))

    def signs(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        client, facts = self._client("webauthn.get", question), bytes(self._facts(0))
        signature = self.key.sign(facts + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=facts, signature=signature)

    def _facts(self, flags: int, credential: bytes = b"") -> AuthenticatorData:
        seen = _USER_PRESENT | (_USER_VERIFIED if self.verifies else 0)
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags | seen, self.count, credential)

    def _client(self, kind: str, question: Mapping[str, Any]) -> bytes:
        challenge = question["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        identifier = websafe_encode(self.credential_id)
        encoded = {name: websafe_encode(content) for name, content in response.items()}
        return {"id": identifier, "rawId": identifier, "type": "public-key", "response": encoded}
