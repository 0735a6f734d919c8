"""Blank cards on paper: what stands on each of them, ten on a sheet, as a page to print or as a PDF.

Typst gets data through `sys_inputs` alone: nothing is ever put into its source.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kliento.domain.cards.rules import number_for_reading
from kliento.web.codes import bars_svg, qr_svg

SHEET = Path(__file__).parent / "card_sheet.typ"
FONTS = Path(__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class BlankCard:
    """One card as it is printed."""

    number: str = field(repr=False)
    qr: str = field(repr=False)
    bars: str = field(repr=False)


def as_pdf(numbers: Sequence[str], *, language: str) -> bytes:
    """A PDF of A4 sheets, ten cards on each."""
    with override(language):
        page = {"language": language, "cards": cards_for(numbers), **texts()}
    return typeset(SHEET, page)


def typeset(source: Path, page: Mapping[str, object]) -> bytes:
    """A tagged PDF (PDF/UA-1) of this page, in the product's own type whatever the machine has."""
    import typst  # a library of 30 MB that no other page needs

    pdf: bytes = typst.compile(
        str(source),
        sys_inputs={"page": json.dumps(page)},
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    return pdf


def as_page(numbers: Sequence[str], *, language: str) -> str:
    """The same as a page that prints itself well; holds everything it needs."""
    with override(language):
        return render_to_string("web/card_sheet.html", {"language": language, "cards": _cards(numbers), **texts()})


def _cards(numbers: Sequence[str]) -> list[BlankCard]:
    return [BlankCard(number_for_reading(number), qr_svg(number), bars_svg(number)) for number in numbers]


def cards_for(numbers: Sequence[str]) -> list[dict[str, str]]:
    """The cards as Typst is given them."""
    return [asdict(card) for card in _cards(numbers)]


def texts() -> dict[str, str]:
    """What stands on every card, in the active language: what is kept, and what its holder can do."""
    address = settings.KLIENTO_URL.removeprefix("https://").removeprefix("http://") + reverse("public:card")
    return {
        "title": _("Kliento Card"),
        "notice": _(
            "Collects stamps without an account: nobody knows whose card it is. Visits are kept under the card alone,"
            " at most 90 days. Every shop recognises the same number."
        ),
        "rights": _(
            "Ask a till for a claim code to bring all of it to your account, or to see and delete it at %(address)s"
        )
        % {"address": address},
    }
