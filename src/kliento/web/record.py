"""The record of processing activities as a PDF. What stands in it goes to Typst as data alone."""

from dataclasses import asdict
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from kliento.domain.policy.queries import Record
from kliento.web.sheets import typeset

_SOURCE = Path(__file__).parent / "record.typ"


def record_as_pdf(record: Record) -> bytes:
    """A tagged PDF of it, in its own language."""
    with override(record.language):
        page = {
            **asdict(record),
            "dated": date_format(record.dated, "SHORT_DATE_FORMAT"),
            "heading": _("Record of processing activities"),
            "article": _("GDPR Art. 30(1)"),
            "version_label": _("Version"),
            "subjects_heading": _("Data subjects"),
            "processings_heading": _("What data is used for"),
            "measures_heading": _("Security measures"),
            "planned": _("Not in use yet"),
        }
        return typeset(_SOURCE, page)
