"""What choices write into Activity, and how they read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Kind, Reading


class ConsentGiven(Kind):
    """The person agreed to something."""

    code: ClassVar[str] = "consent_given"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Whom it concerns, if anybody but Kliento."""
        return Reading(title=entry.recipient or _("You"), line=_("You gave your consent"))


class ConsentRefused(Kind):
    """The person was asked and said no."""

    code: ClassVar[str] = "consent_refused"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """A refusal is as good an answer as any."""
        return Reading(title=entry.recipient or _("You"), line=_("You did not give your consent"), outcome="off")


class ConsentWithdrawn(Kind):
    """The person withdrew their agreement."""

    code: ClassVar[str] = "consent_withdrawn"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What is kept on consent alone goes with it, and the line says so."""
        line = _("You withdrew your consent") if entry.recipient_id else _("You withdrew your consent; it was removed")
        return Reading(title=entry.recipient or _("You"), line=line, outcome="off")


class ConsentEnded(Kind):
    """The time came for which a consent was given."""

    code: ClassVar[str] = "consent_ended"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Nobody withdrew it."""
        return Reading(
            title=entry.recipient or _("You"), line=_("Your consent ran out, as you had chosen"), outcome="off"
        )


class ObjectionMade(Kind):
    """The person objected to a purpose."""

    code: ClassVar[str] = "objection_made"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("You objected to this use of your data"), outcome="off")


class ObjectionEnded(Kind):
    """The person took an objection back."""

    code: ClassVar[str] = "objection_ended"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """One line."""
        return Reading(title=_("You"), line=_("You ended your objection to this use of your data"))
