"""What the codes of this package's rules say to a person: what to do next, never what they wrote."""

from collections.abc import Mapping
from datetime import date

from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from kliento.domain.policy.queries.declared import register
from kliento.domain.policy.rules import Field
from kliento.domain.policy.rules import check_value as check
from kliento.kernel.errors import Invalid

_WORDS: Mapping[str, object] = {
    "empty": _("Write something here, or remove the detail."),
    "control_characters": _("Remove the characters that cannot be seen and try again."),
    "identity_code": _("Do not write a personal identity code here. Kliento does not keep them."),
    "not_email": _("Enter the e-mail address in full, like aino@example.com."),
    "not_phone": _("Enter the phone number with the area code, like 040 123 4567."),
    "not_date": _("Enter the date as day, month and year, like 14.2.1990."),
    "date_in_future": _("Enter a date that has already been."),
    "not_a_choice": _("Choose from the list."),
    "not_size": _("Enter the size with letters and digits, like M, 38/40 or 42,5."),
    "not_number": _("Enter digits only."),
    "not_yours_to_write": _("Kliento keeps this itself; it cannot be written here."),
}
_MECHANISMS: Mapping[str, object] = {
    "adequacy_decision": _("an adequacy decision of the European Commission (GDPR Art. 45)"),
    "standard_contractual_clauses": _("standard contractual clauses (GDPR Art. 46)"),
    "binding_corporate_rules": _("binding corporate rules (GDPR Art. 47)"),
}
_MATERIAL: Mapping[str, object] = {
    "new": _("it is new"),
    "begins": _("it was planned and is used from now on"),
    "wording": _("it is described in other words"),
    "basis": _("it rests on another legal basis"),
    "fields": _("more details may be used for it"),
    "till": _("more details may appear on a till's screen"),
    "recipients": _("more kinds of recipients may get them"),
    "countries": _("recipients may be in more countries"),
    "retention": _("the details are kept for another time"),
    "channels": _("it has another channel, which is asked about by itself"),
    "objection": _("it can no longer be objected to"),
    "holder": _("the register holder is another"),
}
_TOO_LONG = _("Shorten this to at most %(limit)s characters.")


def check_value(field: Field, text: str, *, on: date) -> str:
    """`rules.check_value`, with an Invalid that says in words what to do."""
    try:
        return check(field, text, on=on)
    except Invalid as refused:
        raise Invalid(_said(refused.code, field), code=refused.code, pointer=refused.pointer) from None


def mechanism_in_words(mechanism: str) -> str:
    """What a transfer outside the EEA rests on; nothing where it rests on none."""
    return str(_MECHANISMS.get(mechanism, ""))


def material_in_words(reason: str) -> str:
    """Why a change of a purpose is material: the end of a sentence about it."""
    return str(_MATERIAL[reason])


def fact_in_words(code: str, fact: str) -> str:
    """A derived fact as it reads: yes or no, the month by its name, the first characters of a postcode."""
    derived = register().derived[code]
    if derived.kind == "over_age":
        return str(_("Yes") if fact == "yes" else _("No"))
    return str(MONTHS[int(fact)]).capitalize() if derived.kind == "month_of" else fact


def _said(code: str, field: Field) -> object:
    if code == "too_long":
        return _TOO_LONG % {"limit": field.max_length}
    return _WORDS[code]
