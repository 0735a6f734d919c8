"""How the declaration and kept values read on a page: names and choices in words, dates, phone numbers."""

import re
from collections.abc import Callable, Iterable
from datetime import date

import phonenumbers
from babel import Locale
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import Field, Text

_QUOTED = re.compile("\u2068([^\u2069]*)\u2069")


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


def labels_of(codes: Iterable[str]) -> str:
    """Their names, one after the other."""
    return ", ".join(label_of(code) for code in codes)


def country_in_words(code: str) -> str:
    """A country's name in the language of the page; the code where there is none."""
    return Locale(language()).territories.get(code, code)


def member_number(number: str) -> str:
    """A member number as people read it out: in two groups of four."""
    return f"{number[:4]} {number[4:]}".strip()


def written_in(text: str, of: str) -> str:
    """What a company wrote, marked with its language where the page has another, so that it is read out as meant."""
    return format_html('<span lang="{}">{}</span>', of, text) if of and of != language() else text


def with_their_words(line: str, of: str) -> SafeString:
    """A line of ours around what a company wrote (`activity.rules.quoted`), which alone is marked with its language."""
    ours_and_theirs = _QUOTED.split(line)  # by turns
    return format_html_join(
        "", "{}", ((written_in(part, of) if n % 2 else part,) for n, part in enumerate(ours_and_theirs))
    )


def filled(sentence: str, **words: str) -> SafeString:
    """A sentence of ours with these words in it: what is marked stays marked, everything else is escaped."""
    return mark_safe(escape(sentence) % {name: conditional_escape(word) for name, word in words.items()})  # noqa: S308 - all of it is escaped here


def plain_number(written: str) -> str:
    """A member number as it is kept, however it was grouped."""
    return "".join(written.split())


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
