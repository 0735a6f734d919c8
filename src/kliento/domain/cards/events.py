"""What cards write into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class CardIssued(Kind):
    """The person got their card."""

    code: ClassVar[str] = "card_issued"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line; nobody else is involved."""
        return Reading(title=_("You"), line=_("Got your Kliento Card"))
