"""`kliento cards make N`: blank cards, told this once as numbers, as a page to print or as a PDF."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from kliento.domain.cards.actions import make_blank_cards
from kliento.domain.recipients.queries import third_party_by_name
from kliento.kernel.actor import SystemActor
from kliento.kernel.clock import now
from kliento.web.sheets import as_page, as_pdf


class Command(BaseCommand):
    """Exit status: 0 it is done, 1 it was refused and says why, 2 wrong use."""

    help = "Make blank cards that collect without an account. Their numbers are told this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb so far."""
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="make")
        make = verbs.add_parser(
            "make", help="so many blank cards, at most 500; numbers on lines of their own, or a file"
        )
        make.add_argument("size", type=int, metavar="N")
        make.add_argument("--third-party", default="", help="who hands them out: name or business ID")
        make.add_argument("--note", default="", help="to tell batches apart")
        make.add_argument("--language", default="fi", choices=[code for code, _name in settings.LANGUAGES])
        make.add_argument("--pdf", type=Path, metavar="FILE", help="write sheets to print as a PDF")
        make.add_argument("--html", type=Path, metavar="FILE", help="write the same as a page, styles on the server")

    def handle(
        self,
        *,
        size: int,
        third_party: str,
        note: str,
        language: str,
        pdf: Path | None,
        html: Path | None,
        **_: object,
    ) -> None:
        """Make them; tell their numbers where it was asked for."""
        company = third_party_by_name(third_party).id if third_party else None
        made = make_blank_cards(size, third_party_id=company, note=note, by=SystemActor("kliento cards"), at=now())
        if pdf is not None:
            pdf.write_bytes(as_pdf(made.numbers, language=language))
        if html is not None:
            html.write_text(as_page(made.numbers, language=language))
        if pdf is None and html is None:
            self.stdout.write("\n".join(made.numbers))
