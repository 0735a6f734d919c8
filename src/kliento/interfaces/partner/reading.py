"""How fields and what they hold read in the portal: names in the language of the page, codes in words, dates."""

from collections.abc import Collection, Iterable
from datetime import date

import phonenumbers
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Derived, Field, Text


def language() -> str:
    """The language of the page: "fi", "sv" or "en"."""
    return (get_language() or "en")[:2]


def said(text: Text | None) -> str:
    """The declaration's words in the language of the page; nothing where it says nothing."""
    return text.inn(language()) if text else ""


def label_of(code: str) -> str:
    """The name of a field or derived fact; its code, should the declaration no longer know it."""
    known = register().fields.get(code) or register().derived.get(code)
    return said(known.label) if known else code


def labels_of(codes: Iterable[str]) -> str:
    """Their names, one after the other."""
    return ", ".join(label_of(code) for code in codes)


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
    """What the gate released, in words."""
    declared = register()
    if not text:
        return ""
    if code in declared.derived:
        return _fact(declared.derived[code], text)
    field = declared.fields.get(code)
    return _value(field, text) if field else text


def _fact(fact: Derived, text: str) -> str:
    if fact.kind == "over_age":
        return _("Yes") if text == "yes" else _("No")
    return str(MONTHS[int(text)]).capitalize() if fact.kind == "month_of" else text


def _value(field: Field, text: str) -> str:
    if field.type in {"choice", "choices"}:
        return ", ".join(field.choices[code].inn(language()) for code in text.split(",") if code in field.choices)
    if field.type == "date":
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if field.type == "phone":
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(phonenumbers.parse(text), style)
    return text
