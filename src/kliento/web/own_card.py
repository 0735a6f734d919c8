"""The holder's own card on paper: one to cut out, and what its number can and cannot do; as a page and as a PDF.

Typst gets data through `sys_inputs` alone: nothing is ever put into its source. The PDF is tagged (PDF/UA-1).
"""

from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kliento.web.sheets import cards_for, typeset

SOURCE = Path(__file__).parent / "own_card.typ"


def as_pdf(number: str, *, language: str) -> bytes:
    """One A4 page."""
    with override(language):
        page = {"language": language, "card": printed(number), **texts()}
    return typeset(SOURCE, page)


def printed(number: str) -> dict[str, str]:
    """Number in groups of four, QR code and bars, as the card is printed."""
    return cards_for([number])[0]


def texts() -> dict[str, str | list[str]]:
    """What stands on the card and beneath it, in the active language."""
    address = settings.KLIENTO_URL.removeprefix("https://").removeprefix("http://") + reverse("person:lost")
    return {
        "title": _("Your printed Kliento Card"),
        "name": _("Kliento Card"),
        "cut": _("Cut along the line. The code, the bars and the number all say the same: a till reads what it can."),
        "back": _("Show it at the till. Lost? Block it at %(address)s") % {"address": address},
        "qr_alt": _("QR code with the card number"),
        "bars_alt": _("Barcode with the card number"),
        "can_title": _("What the number can do"),
        "can": [
            _("You are recognised at the till, and your visits and stamps are yours, without a phone or electricity."),
            _("A till that cannot scan can type it."),
        ],
        "cannot_title": _("What it cannot do"),
        "cannot": [
            _("It opens no account and pays for nothing. Neither your name nor anything else of yours is in it."),
            _("It does not change: every shop that reads it sees the same number, and whoever copies it can show it."),
            _("It is not enough where a shop asks for a code that changes. Show the one on your phone there."),
        ],
        "lost_title": _("If you lose it"),
        "lost": _(
            "Replace the number or block the card in any browser: no till takes the old one from the next scan on."
            " Then print a new card."
        ),
    }
