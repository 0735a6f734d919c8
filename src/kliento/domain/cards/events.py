"""What cards write into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, Reading, Variants


class CardIssued(Kind):
    """The person got their card."""

    code: ClassVar[str] = "card_issued"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line; nobody else is involved."""
        return Reading(title=_("You"), line=_("Got your Kliento Card"))


class MediumBlocked(Kind):
    """A medium of the card is not accepted any more."""

    code: ClassVar[str] = "medium_blocked"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"kind": "phone"}, {"kind": "printed"}, {})

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
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"kind": "phone"}, {"kind": ""})

    def reads(self, entry: EntryView) -> Reading:
        """Which one."""
        on_phone = entry.payload.get("kind", "phone") == "phone"
        line = _("You use the code on your phone again") if on_phone else _("You use a card of yours again")
        return Reading(title=_("You"), line=line)


class MediumAdded(Kind):
    """A chip they carry is a medium of their card."""

    code: ClassVar[str] = "medium_added"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"kind": "travel"}, {})

    def reads(self, entry: EntryView) -> Reading:
        """What kind it is."""
        line = (
            _("You added a travel card to your Kliento Card")
            if entry.payload.get("kind") == "travel"
            else _("You added an NFC card or sticker to your Kliento Card")
        )
        return Reading(title=_("You"), line=line)


class MediumRemoved(Kind):
    """A medium and its number are forgotten."""

    code: ClassVar[str] = "medium_removed"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"kind": "travel"}, {"kind": "nfc"}, {})

    def reads(self, entry: EntryView) -> Reading:
        """What kind it was."""
        line = {
            "travel": _("You removed a travel card. Its number is forgotten"),
            "nfc": _("You removed an NFC card or sticker. Its number is forgotten"),
        }.get(str(entry.payload.get("kind")), _("You removed a card. Its number is forgotten"))
        return Reading(title=_("You"), line=line, outcome="off")


class MediumNamed(Kind):
    """A medium has another name; which, stands nowhere here."""

    code: ClassVar[str] = "medium_named"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("You changed what you call a card of yours"))


class MediumReplaced(Kind):
    """A new number took the place of a printed one."""

    code: ClassVar[str] = "medium_replaced"
    group: ClassVar[Group] = "cards"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(
            title=_("You"), line=_("A new card number took the place of the old one, which is accepted no more")
        )
