"""What the sharing switches write into Activity, and how they read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import Alert, EntryView, ErasedAs, Group, Kind, OneLine, Outcome, Reading, Variants


class SharingStarted(Kind):
    """A field was shared with a third party."""

    code: ClassVar[str] = "sharing_started"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    variants: ClassVar[Variants] = ({"first_visit": True}, {})

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields and until when."""
        if entry.payload.get("first_visit"):
            return Reading(title=entry.recipient, line=_("Shared at your first visit, as you had chosen"))
        return Reading(title=entry.recipient, line=_("You started to share"))

    def alerts(self, entry: EntryView) -> Alert:
        """They had not known the person."""
        return "newly_known" if entry.payload.get("first") else ""


class SharingEnded(OneLine, Kind):
    """A field is no longer shared with a third party."""

    code: ClassVar[str] = "sharing_ended"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("You stopped sharing")
    outcome: ClassVar[Outcome] = "off"


class SharingEndChanged(OneLine, Kind):
    """A field is shared until another time than before, or without an end."""

    code: ClassVar[str] = "sharing_end_changed"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("You changed until when you share")


class SharingRanOut(OneLine, Kind):
    """What was shared until a time is shared no longer."""

    code: ClassVar[str] = "sharing_ran_out"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("Sharing ended, as you had chosen")
    outcome: ClassVar[Outcome] = "off"


class SharingOutdated(OneLine, Kind):
    """What was shared was chosen under words that have changed since; it is of no force."""

    code: ClassVar[str] = "sharing_outdated"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("Not shared any more: the words about sharing have changed")
    outcome: ClassVar[Outcome] = "off"


class SharingPaused(OneLine, Kind):
    """A third party is shown nothing for a while. Nothing ended, so no field is named."""

    code: ClassVar[str] = "sharing_paused"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("You paused sharing")
    outcome: ClassVar[Outcome] = "off"


class SharingResumed(OneLine, Kind):
    """A third party sees again what is shared with it. What was chosen had stayed chosen, so no field is named."""

    code: ClassVar[str] = "sharing_resumed"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("You resumed sharing")


class DeletionConfirmed(OneLine, Kind):
    """A third party says that it deleted its copy of a field: what they say, not what Kliento could see."""

    code: ClassVar[str] = "deletion_confirmed"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("Told us that their copy is deleted")


class DeletionTakenBack(OneLine, Kind):
    """A third party says that it deleted no copy yet, against what it said a moment before."""

    code: ClassVar[str] = "deletion_taken_back"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    line: ClassVar[object] = _("Took back that their copy is deleted")


class DefaultSetChanged(OneLine, Kind):
    """The person chose what is shared at first visits; no fields: nothing is shared by itself."""

    code: ClassVar[str] = "default_set_changed"
    group: ClassVar[Group] = "sharing"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You chose what is shared at a first visit")
