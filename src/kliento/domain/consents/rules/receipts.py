"""A consent receipt: the record of one choice, in the terms of the W3C Data Privacy Vocabulary (DPV 2), as JSON-LD.

What it holds follows ISO/IEC TS 27560:2023: the record and its schema, whose it is, the notice and its words, what may
be done for which purpose and on which basis, who keeps and who gets it, for how long, and the event. Pure.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kliento.domain.consents.rules.choices import Noted
from kliento.domain.policy.rules import Asked, Register

SCHEMA = "kliento/consent-receipt/1"
CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "kliento": "urn:kliento:terms:",
}
_STATUS: Mapping[str, str] = {
    "shown": "dpv:ConsentRequested",
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
    "outdated": "dpv:ConsentInvalidated",
}


def receipt_of(
    event: Noted,
    asked: Asked,
    register: Register,
    *,
    person_id: UUID,
    recipient: str,
    notice: str,
    withdraw_at: str,
) -> dict[str, Any]:
    """The receipt for one event. `asked` are the words of the notice it was made under; the event's own hash is kept.

    What is asked about by itself, and not by channel, is an explicit consent (Art. 9(2)(a)). `recipient` is the name of
    whom the choice is about, "" where it is about nobody; `notice` and `withdraw_at` are addresses. Objections have no
    receipt: raises KeyError for them.
    """
    purpose = register.purpose(event.choice.purpose)
    of = event.choice.field
    fields = [register.detail(of).label.inn(asked.language)] if of else list(asked.fields)
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{event.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(event.id),
        "kliento:schema": SCHEMA,
        "dpv:hasRecordOfActivity": {
            "@type": "dpv:ConsentRecord",
            "dct:identifier": str(event.id),
            "dpv:hasDataSubject": {"@id": f"urn:uuid:{person_id}"},
            "dpv:hasDataController": {"dct:title": register.holder.name, "dpv:hasContact": _contact(register)},
            "dpv:hasJurisdiction": register.holder.country,
            "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
            "dpv:hasNotice": {
                "@id": notice,
                "@type": "dpv:ConsentNotice",
                "dct:hasVersion": event.notice_version,
                "dct:language": asked.language,
                "kliento:words": {
                    "dct:title": asked.label,
                    "dct:description": asked.description,
                    "kliento:hash": event.shown.wording,
                },
            },
            "dpv:hasProcess": {
                "@type": "dpv:Process",
                "dpv:hasPurpose": {"@type": "dpv:Purpose", "dct:identifier": purpose.code, "dct:title": asked.label},
                "dpv:hasLegalBasis": _BY_CHANNEL if event.choice.channel else _EXPLICIT,
                "dpv:hasPersonalData": fields,
                "dpv:hasRecipient": [recipient] if recipient else list(asked.recipients),
                "dpv:hasStorageCondition": {"@type": "dpv:StorageDuration", "dct:description": asked.retention},
                "kliento:channel": event.choice.channel,
            },
            "dpv:hasConsentStatus": _STATUS[event.kind],
            "dct:date": {"@type": "xsd:dateTime", "@value": event.at.isoformat()},
            "dpv:isIndicatedBy": "dpv:DataSubject" if event.kind in _BY_THE_PERSON else "dpv:DataController",
            "dpv:hasRight": {"@id": "eu-gdpr:A7-3", "kliento:exercisedAt": withdraw_at},
        },
    }


_BY_CHANNEL = ["eu-gdpr:A6-1-a"]
_EXPLICIT = ["eu-gdpr:A6-1-a", "eu-gdpr:A9-2-a"]
"""What is asked for without a channel is of a special category."""
_BY_THE_PERSON = ("given", "refused", "withdrawn")


def _contact(register: Register) -> str:
    return f"mailto:{register.contacts['register'].email}"
