"""Receipts: signed documents a person can keep, which anybody can check without us (R-CON-8)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from kliento.domain.consents.models import Event
from kliento.domain.consents.queries.states import event_of
from kliento.domain.consents.rules import Noted, receipt_of
from kliento.domain.policy.queries import all_published, published
from kliento.domain.policy.rules import asked_for
from kliento.domain.recipients.queries import names_of
from kliento.kernel.actor import PersonActor
from kliento.kernel.errors import NotFound
from kliento.kernel.integrity import multikey, signed

KEY_PATH = "/.well-known/kliento-receipts.json"
"""Where the public key stands, on the site that signed."""
_WITHOUT = (Event.Kind.OBJECTED, Event.Kind.OBJECTION_ENDED)


def receipt(by: PersonActor, event_id: UUID) -> dict[str, Any]:
    """The receipt of one of one's own choices, signed; the same bytes as long as whom it names keeps its name.

    Raises NotFound for what is not one's own, for an objection, and for a choice under a notice that was never
    published.
    """
    event = event_of(by.person_id, event_id)
    if event.kind in _WITHOUT:
        raise NotFound(code="no_receipt")
    notice = published(event.notice_version)
    purpose = notice.register.purpose(event.choice.purpose)
    recipient = event.choice.recipient_id
    site = settings.KLIENTO_URL.rstrip("/")
    document = receipt_of(
        event,
        asked_for(notice.register, purpose, event.shown.language or "en"),
        notice.register,
        person_id=by.person_id,
        recipient=names_of([recipient])[recipient].name if recipient else "",
        notice=f"{site}/register-description/versions/{notice.version}",
        withdraw_at=f"{site}/me/purposes",
    )
    return signed(document, _signing_key(), method=f"{site}{KEY_PATH}", at=event.at)


def with_receipt(events: Collection[Noted]) -> frozenset[UUID]:
    """Those of them that have a receipt. One statement."""
    known = {notice.version for notice in all_published()}
    return frozenset(event.id for event in events if event.kind not in _WITHOUT and event.notice_version in known)


def public_key() -> Ed25519PublicKey:
    """The key that receipts of this instance are checked with."""
    return _signing_key().public_key()


def key_document() -> dict[str, str]:
    """The same as a Multikey (W3C Controlled Identifiers), for the site."""
    site = settings.KLIENTO_URL.rstrip("/")
    return {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": f"{site}{KEY_PATH}",
        "type": "Multikey",
        "controller": site,
        "publicKeyMultibase": multikey(public_key()),
    }


def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.KEYRING.made("receipt-signing"))
