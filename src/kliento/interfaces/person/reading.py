"""A legal basis, and what carries a card, in words for the person's pages; which addresses are theirs."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kliento.domain.cards.queries import MediumView
from kliento.domain.policy.queries import register
from kliento.domain.policy.rules import SPECIAL_VISITS

OWN_NUMBER = "own_number"
"""Instead of a kind: the number that came with the person's card."""


def basis_in_words(basis: str, fields: Sequence[str] = (), *, purpose: str = "") -> str:
    """A legal basis with its place in the law; for a special category with the second one it needs."""
    declared = register().fields
    is_special = purpose == SPECIAL_VISITS or any(code in declared and declared[code].special for code in fields)
    if basis == "consent" and is_special:
        return _("Your explicit consent, GDPR Art. 6(1)(a) and 9(2)(a)")
    return {
        "contract": _("Contract, GDPR Art. 6(1)(b)"),
        "consent": _("Your consent, GDPR Art. 6(1)(a)"),
        "legitimate_interest": _("Legitimate interest, GDPR Art. 6(1)(f)"),
        "legal_obligation": _("Legal obligation, GDPR Art. 6(1)(c)"),
    }.get(basis, "")


def name_of_carrier(medium: MediumView) -> str:
    """What its holder calls it, what it is, and since when they have it, so that two of a kind are told apart."""
    kind = OWN_NUMBER if medium.is_own_number else medium.kind
    return name_of_medium(kind, called=medium.name, since=medium.here_since)


def name_of_medium(kind: str, *, called: str = "", since: datetime | None = None) -> str:
    """What carries a card, with its holder's name for it and since when."""
    name = {
        "phone": _("Phone"),
        OWN_NUMBER: _("Card number"),
        "printed": _("Printed card"),
        "nfc": _("NFC card or sticker"),
        "travel": _("Travel card"),
    }.get(kind, _("Card"))
    name = f"{called} ({name})" if called else name
    if since is None:
        return name
    return _("%(name)s, since %(day)s") % {"name": name, "day": date_format(localdate(since), "SHORT_DATE_FORMAT")}


def own_address(text: str) -> str:
    """A page of the person's own that they are to be led to; nothing for any other address."""
    is_own = text.startswith(reverse("person:card")) and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_own else ""
