"""What the gate writes into Activity, and how it reads. Refusals are entries too (R-ACT-4)."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import Alert, EntryView, ErasedAs, Group, Kind, OneLine, Outcome, Reading, Variants
from kliento.domain.gate.rules import overstepping


class Disclosed(Kind):
    """Values of these fields were released to a recipient."""

    code: ClassVar[str] = "disclosed"
    group: ClassVar[Group] = "looks"
    erasure: ClassVar[ErasedAs] = "shape"
    releases: ClassVar[bool] = True
    variants: ClassVar[Variants] = ({}, {"withheld": {"": ""}})

    def reads(self, entry: EntryView) -> Reading:
        """The page adds the fields, the purpose and the basis."""
        line = _("Saw part of what they asked for") if entry.payload.get("withheld") else _("Saw your data")
        return Reading(title=entry.recipient, line=line)

    def alerts(self, entry: EntryView) -> Alert:
        """Together with what they got they asked for what is not theirs to see."""
        return "look_refused" if _overstepped(entry) else ""


class Refused(OneLine, Kind):
    """Somebody asked and nothing was released.

    They were told none of the reasons; `reasons_of` says them to the person (R-VIS-8).
    """

    code: ClassVar[str] = "disclosure_refused"
    group: ClassVar[Group] = "refused"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("Kliento")
    line: ClassVar[object] = _("Asked for your data and got nothing")
    outcome: ClassVar[Outcome] = "no"

    def alerts(self, entry: EntryView) -> Alert:
        """Somebody asked for what is not theirs to see."""
        return "look_refused" if _overstepped(entry) else ""


class Exported(OneLine, Kind):
    """Values of these fields were released to an operator in a file."""

    code: ClassVar[str] = "exported"
    group: ClassVar[Group] = "looks"
    erasure: ClassVar[ErasedAs] = "shape"
    releases: ClassVar[bool] = True
    line: ClassVar[object] = _("Downloaded your data in a list")


class ReadByHolder(OneLine, Kind):
    """Kliento's own program read values of these fields, for a purpose of its own."""

    code: ClassVar[str] = "read_by_holder"
    group: ClassVar[Group] = "looks"
    erasure: ClassVar[ErasedAs] = "shape"
    opens: ClassVar[bool] = True
    title: ClassVar[object] = _("Kliento")
    line: ClassVar[object] = _("Read your data for a purpose of its own")


def _overstepped(entry: EntryView) -> bool:
    """Whether a recipient asked for something that is not shared with it. Kliento's own programs are no recipients."""
    unknown = entry.payload.get("undeclared_fields")
    return entry.recipient_id is not None and bool(unknown or overstepping(entry.payload))
