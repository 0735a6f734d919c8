"""What keeping one's own details writes into Activity, and how it reads. The page adds the field's name."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, Reading, Variants


class ValueStored(Kind):
    """A value was added or corrected; the payload's version tells which."""

    code: ClassVar[str] = "value_stored"
    group: ClassVar[Group] = "details"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"version": 1}, {})

    def reads(self, entry: EntryView) -> Reading:
        """The first version is an addition, any later one a correction."""
        return Reading(title=_("You"), line=_("Added") if entry.payload.get("version") == 1 else _("Corrected"))


class ValueHidden(Kind):
    """A value was hidden from everybody but its owner."""

    code: ClassVar[str] = "value_hidden"
    group: ClassVar[Group] = "details"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("Hidden from everybody else"), outcome="off")


class ValueShown(Kind):
    """A hidden value may be seen again by those it is shared with."""

    code: ClassVar[str] = "value_shown"
    group: ClassVar[Group] = "details"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("No longer hidden"))


class ValueRemoved(Kind):
    """A value was removed with all its versions; the payload names who could see it until then."""

    code: ClassVar[str] = "value_removed"
    group: ClassVar[Group] = "details"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({}, {"shared_with": [""]})

    def reads(self, entry: EntryView) -> Reading:
        """How many could see it; the entry's page names them."""
        shared_with = entry.payload.get("shared_with")
        count = len(shared_with) if isinstance(shared_with, list) else 0
        if not count:
            return Reading(title=_("You"), line=_("Removed"), outcome="off")
        line = ngettext(
            "Removed; %(count)s recipient could see it", "Removed; %(count)s recipients could see it", count
        )
        return Reading(title=_("You"), line=line % {"count": count}, outcome="off")
