"""What choices write into Activity, and how they read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, OneLine, Outcome, Reading


class ConsentGiven(OneLine, Kind):
    """The person agreed to something."""

    code: ClassVar[str] = "consent_given"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You gave your consent")


class ConsentRefused(OneLine, Kind):
    """The person was asked and said no: as good an answer as any."""

    code: ClassVar[str] = "consent_refused"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You did not give your consent")
    outcome: ClassVar[Outcome] = "off"


class ConsentWithdrawn(Kind):
    """The person withdrew their agreement."""

    code: ClassVar[str] = "consent_withdrawn"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What is kept on consent alone goes with it, and the line says so."""
        line = _("You withdrew your consent") if entry.recipient_id else _("You withdrew your consent; it was removed")
        return Reading(title=entry.recipient or _("You"), line=line, outcome="off")


class ConsentEnded(OneLine, Kind):
    """The time came for which a consent was given. Nobody withdrew it."""

    code: ClassVar[str] = "consent_ended"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("Your consent ran out, as you had chosen")
    outcome: ClassVar[Outcome] = "off"


class ObjectionMade(OneLine, Kind):
    """The person objected to a purpose."""

    code: ClassVar[str] = "objection_made"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You objected to this use of your data")
    outcome: ClassVar[Outcome] = "off"


class ObjectionEnded(OneLine, Kind):
    """The person took an objection back."""

    code: ClassVar[str] = "objection_ended"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You ended your objection to this use of your data")
