"""What the sharing switches write into Activity, and how they read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class SharingStarted(Kind):
    """A field was shared with a third party."""

    code: ClassVar[str] = "sharing_started"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the field and until when."""
        return Reading(title=entry.recipient, line=_("You started to share"))


class SharingEnded(Kind):
    """A field is no longer shared with a third party."""

    code: ClassVar[str] = "sharing_ended"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the field."""
        return Reading(title=entry.recipient, line=_("You stopped sharing"), outcome="off")
