"""How a kept value reads on a page: codes in words, dates and phone numbers the way people write them."""

from collections.abc import Callable, Sequence
from datetime import date

import phonenumbers
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field, Text


def as_read(field: Field, text: str) -> str:
    """`text` (as it is kept) in the language of the page."""
    return _READ.get(field.type, _as_it_is)(field, text)


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


def basis_in_words(basis: str, fields: Sequence[str] = ()) -> str:
    """A legal basis with its place in the law; for a special category with the second one it needs."""
    declared = register().fields
    if basis == "consent" and any(code in declared and declared[code].special for code in fields):
        return _("Your explicit consent, GDPR Art. 6(1)(a) and 9(2)(a)")
    return {
        "contract": _("Contract, GDPR Art. 6(1)(b)"),
        "consent": _("Your consent, GDPR Art. 6(1)(a)"),
        "legitimate_interest": _("Legitimate interest, GDPR Art. 6(1)(f)"),
        "legal_obligation": _("Legal obligation, GDPR Art. 6(1)(c)"),
    }.get(basis, "")


def _as_it_is(field: Field, text: str) -> str:
    return text


def _choices(field: Field, text: str) -> str:
    return ", ".join(field.choices[code].inn(language()) for code in text.split(",") if code in field.choices)


def _date(field: Field, text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")


def _phone(field: Field, text: str) -> str:
    number = phonenumbers.parse(text)
    style = phonenumbers.PhoneNumberFormat
    home = phonenumbers.region_code_for_number(number) == "FI"
    return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


_READ: dict[str, Callable[[Field, str], str]] = {
    "choice": _choices,
    "choices": _choices,
    "date": _date,
    "phone": _phone,
}
