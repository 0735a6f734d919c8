"""What can be asked and shown in the portal, and how what the gate released reads there."""

from collections.abc import Collection

import phonenumbers

from kliento.domain.policy.queries import fact_in_words, register
from kliento.web import reading


def in_order(codes: Collection[str]) -> list[str]:
    """Those of them the declaration knows, in the catalogue's order, each fact after the detail it is worked out of."""
    declared = register()
    facts = declared.derived.values()
    catalogue = [one for code in declared.fields for one in (code, *(fact.code for fact in facts if fact.of == code))]
    return [code for code in catalogue if code in codes]


def shareable(purpose: str) -> list[str]:
    """The details and facts people can share for that purpose, in the catalogue's order."""
    declared = register()
    allowed = declared.purpose(purpose).fields
    kept = [code for code, field in declared.fields.items() if field.keeper == "person" and field.status == "in_use"]
    facts = [code for code, fact in declared.derived.items() if fact.status == "in_use"]
    return in_order([code for code in (*kept, *facts) if code in allowed])


def as_read(code: str, text: str) -> str:
    """What the gate released, in words. Phone numbers with their country: people take them along in files."""
    declared = register()
    if not text:
        return ""
    if code in declared.derived:
        return fact_in_words(code, text)
    field = declared.fields.get(code)
    if field is not None and field.type == "phone":
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(phonenumbers.parse(text), style)
    return reading.as_read(field, text) if field else text
