"""WebAuthn: what a browser is asked, and whether its answer holds. Pure; `fido2` does the cryptography.

A challenge is good for one answer: the caller keeps the state between the two calls and forgets it with the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kliento.kernel.errors import Invalid

State = dict[str, str]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks: the host passkeys are bound to, and the one origin they may be used from."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A public key somebody has just proved to hold, and the kind of device it was made on."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    device: str = ""


def ask_to_create(party: RelyingParty, *, account_id: UUID, known: Sequence[bytes]) -> tuple[Mapping[str, Any], State]:
    """What the browser is asked when a passkey is made, and the state to keep. `known` credentials are not made twice.

    The passkey is named after the service, not the person: their address would have to be opened for it.
    """
    options, state = _server(party).register_begin(
        PublicKeyCredentialUserEntity(name="Kliento", id=account_id.bytes, display_name="Kliento"),
        [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def created(party: RelyingParty, state: State | None, answer: Mapping[str, Any], *, device: str) -> NewPasskey:
    """The passkey the browser made. Raises Invalid for an answer to another question, origin or host."""
    try:
        made = _server(party).register_complete(_asked(state), answer)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(code="passkey_refused") from error
    credential = made.credential_data
    if credential is None:
        raise Invalid(code="passkey_refused")
    return NewPasskey(credential.credential_id, cbor.encode(dict(credential.public_key)), made.counter, device)


def ask_to_sign(party: RelyingParty) -> tuple[Mapping[str, Any], State]:
    """What the browser is asked at sign-in. It names no credential, so it says nothing about who is known."""
    options, state = _server(party).authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return dict(options), state


def credential_in(answer: Mapping[str, Any]) -> bytes:
    """The credential an answer claims to be signed with. Raises Invalid for what is no answer."""
    try:
        return AuthenticationResponse.from_dict(answer).raw_id
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(code="passkey_refused") from error


def signed(party: RelyingParty, state: State | None, answer: Mapping[str, Any], *, by: NewPasskey) -> int:
    """The passkey's new sign count. Raises Invalid unless the answer is signed by it, here, to this question.

    A count that does not grow is a copy of the key (WebAuthn 6.1.1); authenticators that do not count send 0.
    """
    public_key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(by.public_key)))
    key = AttestedCredentialData.create(Aaguid(bytes(16)), by.credential_id, public_key)
    try:
        _server(party).authenticate_complete(_asked(state), [key], answer)
        count = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(code="passkey_refused") from error
    if (count or by.sign_count) and count <= by.sign_count:
        raise Invalid(code="passkey_copied")
    return count


def _asked(state: State | None) -> State:
    if not state:
        raise Invalid(code="passkey_refused")
    return state


def _server(party: RelyingParty) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(name="Kliento", id=party.host),
        verify_origin=lambda origin: origin == party.origin,
    )
