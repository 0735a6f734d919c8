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


class MediumBlocked(Kind):
    """A medium of the card is not accepted any more."""

    code: ClassVar[str] = "medium_blocked"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Which one; a printed number is replaced at once."""
        line = (
            _("Your card number was blocked. You have a new one")
            if entry.payload.get("kind") == "printed"
            else _("The code on your phone was blocked")
        )
        return Reading(title=_("You"), line=line, outcome="off")


class MediumUsedAgain(Kind):
    """The phone is accepted again."""

    code: ClassVar[str] = "medium_used_again"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("You use the code on your phone again"))
