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
        kind = entry.payload.get("kind")
        if kind == "printed" and entry.payload.get("own", True):
            line = _("Your card number was blocked. You have a new one")
        else:
            line = _("The code on your phone was blocked") if kind == "phone" else _("A card of yours was blocked")
        return Reading(title=_("You"), line=line, outcome="off")


class MediumUsedAgain(Kind):
    """A medium that was found is accepted again."""

    code: ClassVar[str] = "medium_used_again"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("You use the code on your phone again"))
