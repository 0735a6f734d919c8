"""What choices write into Activity, and how they read."""

from typing import ClassVar

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, OneLine, Outcome, Reading
from kliento.domain.policy.queries import register

KINDS = {
    "given": "consent_given",
    "refused": "consent_refused",
    "withdrawn": "consent_withdrawn",
    "expired": "consent_ended",
    "outdated": "consent_outdated",
    "objected": "objection_made",
    "objection_ended": "objection_ended",
}
"""The kind of entry about each kind of event; that somebody was shown a choice is not entered."""


class ConsentGiven(OneLine, Kind):
    """The person agreed to something."""

    code: ClassVar[str] = "consent_given"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You gave your consent")


class ConsentRefused(OneLine, Kind):
    """The person was asked and said no: as good an answer as any."""

    code: ClassVar[str] = "consent_refused"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You did not give your consent")
    outcome: ClassVar[Outcome] = "off"


class ConsentWithdrawn(Kind):
    """The person withdrew their agreement."""

    code: ClassVar[str] = "consent_withdrawn"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What is kept on consent alone goes with it, and the line says so."""
        line = _("You withdrew your consent") if entry.recipient_id else _("You withdrew your consent; it was removed")
        return Reading(title=entry.recipient or _("You"), line=line, outcome="off")


class ConsentEnded(OneLine, Kind):
    """The time came for which a consent was given. Nobody withdrew it."""

    code: ClassVar[str] = "consent_ended"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("Your consent ran out, as you had chosen")
    outcome: ClassVar[Outcome] = "off"


class ConsentOutdated(OneLine, Kind):
    """The words somebody agreed to have changed: what they gave is no consent to the new ones."""

    code: ClassVar[str] = "consent_outdated"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("Kliento")
    line: ClassVar[object] = _("The words you agreed to changed; your consent has no force until you give it again")
    outcome: ClassVar[Outcome] = "wait"


class ObjectionMade(Kind):
    """The person objected."""

    code: ClassVar[str] = "objection_made"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What they object to is part of the line."""
        line = format_lazy("{}{}", _("You objected to this use of your data"), _which(entry))
        return Reading(title=_("You"), line=line, outcome="off")


class ObjectionEnded(Kind):
    """The person took an objection back."""

    code: ClassVar[str] = "objection_ended"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """What they no longer object to is part of the line."""
        line = format_lazy("{}{}", _("You ended your objection to this use of your data"), _which(entry))
        return Reading(title=_("You"), line=line)


def _which(entry: EntryView) -> str:
    """By its name; nothing once the declaration has it no more."""
    objection = register().objections.get(str(entry.payload.get("objection") or entry.purpose))
    return f": {objection.label.inn(get_language() or '')}" if objection else ""
