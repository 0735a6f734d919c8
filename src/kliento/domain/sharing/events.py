"""What the sharing switches write into Activity, and how they read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class SharingStarted(Kind):
    """A field was shared with a third party."""

    code: ClassVar[str] = "sharing_started"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields and until when."""
        if entry.payload.get("first_visit"):
            return Reading(title=entry.recipient, line=_("Shared at your first visit, as you had chosen"))
        return Reading(title=entry.recipient, line=_("You started to share"))


class SharingEnded(Kind):
    """A field is no longer shared with a third party."""

    code: ClassVar[str] = "sharing_ended"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the field."""
        return Reading(title=entry.recipient, line=_("You stopped sharing"), outcome="off")


class SharingEndChanged(Kind):
    """A field is shared until another time than before, or without an end."""

    code: ClassVar[str] = "sharing_end_changed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the field and until when."""
        return Reading(title=entry.recipient, line=_("You changed until when you share"))


class SharingRanOut(Kind):
    """What was shared until a time is shared no longer."""

    code: ClassVar[str] = "sharing_ran_out"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields."""
        return Reading(title=entry.recipient, line=_("Sharing ended, as you had chosen"), outcome="off")


class SharingPaused(Kind):
    """A third party is shown nothing for a while."""

    code: ClassVar[str] = "sharing_paused"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Nothing ended: no field is named."""
        return Reading(title=entry.recipient, line=_("You paused sharing"), outcome="off")


class SharingResumed(Kind):
    """A third party sees again what is shared with it."""

    code: ClassVar[str] = "sharing_resumed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """No field is named: what was chosen had stayed chosen."""
        return Reading(title=entry.recipient, line=_("You resumed sharing"))


class DeletionConfirmed(Kind):
    """A third party says that it deleted its copy of a field."""

    code: ClassVar[str] = "deletion_confirmed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What they say, not what Kliento could see. The page adds the field."""
        return Reading(title=entry.recipient, line=_("Told us that their copy is deleted"))


class DefaultSetChanged(Kind):
    """The person chose what is shared at first visits."""

    code: ClassVar[str] = "default_set_changed"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields; none means nothing is shared by itself."""
        return Reading(title=_("You"), line=_("You chose what is shared at a first visit"))
