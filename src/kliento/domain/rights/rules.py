"""What a download holds: an explicit allow-list with a schema version. Pure.

A key that is not named here does not leave, whatever a package describes; a test compares both, so that nothing new is
forgotten either.
"""

from collections.abc import Mapping
from typing import Any

SCHEMA = "kliento/export/1"

Allowed = Mapping[str, Any]

VERSION: Allowed = {"text": None, "source": None, "version": None, "since": None, "hidden": None}
GRANT: Allowed = {"field": None, "purpose": None, "granted_at": None, "expires_at": None, "ended_at": None}
NOTICE: Allowed = {"field": None, "reason": None, "made_at": None, "announced_at": None, "confirmed_at": None}
CONSENT: Allowed = {
    "id": None,
    "purpose": None,
    "channel": None,
    "field": None,
    "recipient_id": None,
    "choice": None,
    "notice_version": None,
    "language": None,
    "wording": None,
    "at": None,
}
ENTRY: Allowed = {
    "id": None,
    "number": None,
    "kind": None,
    "recipient_id": None,
    "purpose": None,
    "basis": None,
    "fields": None,
    "at": None,
    "until": None,
    "details": None,
}
QUESTION: Allowed = {
    "third_party_id": None,
    "purpose": None,
    "reason": None,
    "needed": None,
    "optional": None,
    "asked_at": None,
    "answered_at": None,
    "outcome": None,
    "shared": None,
}
ACCOUNT: Allowed = {
    "id": None,
    "language": None,
    "created_at": None,
    "has_password": None,
    "passkeys": [{"device": None, "added_at": None, "last_used_at": None}],
    "authenticator_since": None,
    "recovery_codes_left": None,
    "former_addresses": [{"changed_at": None, "kept_until": None}],
    "sign_ins": [{"audience": None, "device": None, "signed_in_at": None, "last_seen_at": None}],
}
STAMPS: Allowed = {
    "number": None,
    "kind": None,
    "amount": None,
    "balance": None,
    "at": None,
    "expires_at": None,
    "source": None,
}
CARD: Allowed = {
    "issued_at": None,
    "media": [{"id": None, "kind": None, "level": None, "state": None, "since": None}],
}
OWN_CARD: Allowed = {
    "number": None,
    "issued_at": None,
    "media": [{"id": None, "kind": None, "level": None, "state": None, "since": None, "number": None, "name": None}],
}
LOYALTY: Allowed = {"third_party_id": None, "programme": None, "taken_at": None, "ended_at": None, "stamps": [STAMPS]}
VISIT: Allowed = {
    "id": None,
    "third_party": None,
    "premises_id": None,
    "at": None,
    "source": None,
    "fields_shown": None,
    "left_at": None,
    "stands": None,
}
RELATIONSHIP: Allowed = {
    "third_party_id": None,
    "member_number": None,
    "since": None,
    "paused_at": None,
    "stopped_at": None,
    "grants": [GRANT],
    "deletion_notices": [NOTICE],
}
UNREGISTERED: Allowed = {
    "card": CARD,
    "relationships": [RELATIONSHIP],
    "loyalty_cards": [LOYALTY],
    "visits": [VISIT],
    "entries": [ENTRY],
}
"""What is kept under a card alone."""
EXPORT: Allowed = {
    "schema": None,
    "made_at": None,
    "register": {
        "name": None,
        "holder": None,
        "version": None,
        "purposes": [{"code": None, "label": None, "basis": None, "fields": None, "retention": None}],
        "sources": [{"code": None, "label": None}],
    },
    "recipients": [{"id": None, "name": None}],
    "person": {"id": None, "state": None, "is_minor": None, "terms_version": None, "registered_at": None},
    "account": ACCOUNT,
    "values": [{"field": None, "label": None, "versions": [VERSION]}],
    "default_set": None,
    "relationships": [RELATIONSHIP],
    "questions": [QUESTION],
    "consents": [CONSENT],
    "letters": [{"kind": None, "made_at": None}],
    "alerts": {"letters_since": None, "told": [{"kind": None, "third_party_id": None, "day": None}]},
    "messages": [{"kind": None, "subject": None, "text": None, "at": None, "read_at": None}],
    "card": OWN_CARD,
    "claimed_cards": [UNREGISTERED],
    "loyalty_cards": [LOYALTY],
    "visits": [VISIT],
    "operator": [{"third_party": None, "role": None, "appointed_at": None, "ended_at": None, "has_pin": None}],
    "on_duty": [{"third_party": None, "day": None, "visits": None}],
    "operator_acts": [{"third_party": None, "act": None, "reference": None, "at": None}],
    "shifts": [{"third_party": None, "began_at": None, "ended_at": None}],
    "entries": [ENTRY],
    "to_do": [{"kind": None, "next_at": None}],
}


def exported(described: object, allowed: Any = EXPORT) -> Any:
    """The part of `described` that the allow-list names, in its order. `None` stands for a value taken as it is."""
    if allowed is None or described is None:
        return described
    if isinstance(allowed, list):
        return [exported(one, allowed[0]) for one in described]  # type: ignore[attr-defined]
    return {key: exported(described[key], inner) for key, inner in allowed.items() if key in described}  # type: ignore[index,operator]


def may_download(state: str) -> bool:
    """Restriction never stands between a person and their own data; an erasure that has begun does."""
    return state in {"active", "restricted"}


def may_close(state: str) -> bool:
    """Whoever can read can also leave."""
    return state in {"active", "restricted"}
