"""Is this text a value of that field, and how is it written for keeping? Errors carry a stable code; `queries.wording`
says it in words."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import phonenumbers
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

from kliento.domain.policy.rules.addresses import kept_address
from kliento.domain.policy.rules.declaration import Field
from kliento.kernel.errors import Invalid

EARLIEST_YEAR = 1880
# Explicit embeddings, overrides and isolates reorder what a till shows; right-to-left scripts work without them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
# Every century sign in use, with those of 2023 (Decree 690/2022). Look-ahead, so that overlapping candidates count.
_IDENTITY_CODE = re.compile(r"(?=([0-9]{6}\s*[-+A-FU-Y]\s*[0-9]{3}[0-9A-Y]))")


def check_value(field: Field, text: str, *, on: date) -> str:
    """`text` as it is kept: NFC, trimmed, phone numbers in E.164, dates as yyyy-mm-dd, choices in the declared order.

    Raises Invalid with `pointer` = the field's code and one of the codes `empty`, `too_long`, `control_characters`,
    `identity_code` (R-DAT-2), `not_email`, `not_phone`, `not_date`, `date_in_future` (after `on`), `not_a_choice`,
    `not_size`, `not_number`, `not_yours_to_write`.
    """
    written = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if field.keeper == "kliento":
        raise _refusal(field, "not_yours_to_write")
    if not written:
        raise _refusal(field, "empty")
    if _has_controls(written, lines=field.type == "long_text"):
        raise _refusal(field, "control_characters")
    # A phone number is kept as digits only: "050123-4567" looks like a code as often as its checksum fits.
    if field.type != "phone" and contains_identity_code(written):
        raise _refusal(field, "identity_code")
    kept = _BY_TYPE[field.type](field, written) if field.type in _BY_TYPE else written
    if len(kept) > field.max_length:
        raise _refusal(field, "too_long")
    if field.type == "date" and kept > on.isoformat():
        raise _refusal(field, "date_in_future")
    return kept


def contains_identity_code(text: str) -> bool:
    """Whether a Finnish personal identity code stands anywhere in `text` (pattern, date and checksum, R-DAT-2).

    Digits of other scripts, other dashes, spaces around the century sign and invisible characters do not hide one.
    """
    plain = "".join(map(_ascii_digit, unicodedata.normalize("NFKD", text)))
    plain = plain.translate(_INVISIBLE).translate(_DASHES).upper()
    return any(_is_identity_code(re.sub(r"\s", "", found)) for found in _IDENTITY_CODE.findall(plain))


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))


def _is_identity_code(candidate: str) -> bool:
    try:
        hetu.validate(candidate, allow_temporary=True)
    except ValidationError:
        return False
    return True


def _has_controls(text: str, *, lines: bool) -> bool:
    allowed = "\n\t" if lines else ""
    return any(_is_control(character) for character in text if character not in allowed)


def _is_control(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _email(field: Field, text: str) -> str:
    try:
        return kept_address(text)
    except Invalid as refused:
        raise _refusal(field, refused.code) from None


def _phone(field: Field, text: str) -> str:
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        raise _refusal(field, "not_phone") from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise _refusal(field, "not_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _date(field: Field, text: str) -> str:
    """Both as a date input sends it (1990-02-14) and as it is written in Finland (14.2.1990)."""
    finnish = re.fullmatch(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", text)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    try:
        if finnish:
            day = date(int(finnish[3]), int(finnish[2]), int(finnish[1]))
        elif iso:
            day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        else:
            raise _refusal(field, "not_date")
    except ValueError:
        raise _refusal(field, "not_date") from None
    if day.year < EARLIEST_YEAR:
        raise _refusal(field, "not_date")
    return day.isoformat()


def _choice(field: Field, text: str) -> str:
    if text not in field.choices:
        raise _refusal(field, "not_a_choice")
    return text


def _choices(field: Field, text: str) -> str:
    """Codes with commas between them, kept in the order of the declaration, each once."""
    chosen = {code.strip() for code in text.split(",") if code.strip()}
    if not chosen or not chosen <= field.choices.keys():
        raise _refusal(field, "not_a_choice")
    return ",".join(code for code in field.choices if code in chosen)


def _size(field: Field, text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z½][0-9A-Za-z½/.,+\- ]*", text):
        raise _refusal(field, "not_size")
    return text


def _number(field: Field, text: str) -> str:
    if not re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", text):
        raise _refusal(field, "not_number")
    return text.replace(",", ".")


_BY_TYPE: dict[str, Callable[[Field, str], str]] = {
    "email": _email,
    "phone": _phone,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "size": _size,
    "number": _number,
}


def _refusal(field: Field, code: str) -> Invalid:
    return Invalid(code=code, pointer=field.code)
