"""What people write into Activity, and how it reads."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from kliento.domain.activity.rules import EntryView, ErasedAs, Group, Kind, OneLine, Outcome, Reading


class PersonRegistered(Kind):
    """The first entry of every person; its payload names the terms they accepted."""

    code: ClassVar[str] = "person_registered"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"

    def reads(self, entry: EntryView) -> Reading:
        """Which terms were accepted is part of the line (R-TRM-1)."""
        return Reading(
            title=_("You registered"),
            line=_("You accepted the terms of use, version %(version)s.")
            % {"version": entry.payload.get("terms_version", "")},
        )


class UseRestricted(OneLine, Kind):
    """The person restricted the use of their data."""

    code: ClassVar[str] = "use_restricted"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You restricted the use of your data")
    outcome: ClassVar[Outcome] = "off"


class RestrictionLifted(OneLine, Kind):
    """The person lifted their restriction."""

    code: ClassVar[str] = "restriction_lifted"
    group: ClassVar[Group] = "choices"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("You")
    line: ClassVar[object] = _("You lifted the restriction on the use of your data")


class OfAge(OneLine, Kind):
    """The register holder noted that the person is a minor no more, as they had said."""

    code: ClassVar[str] = "of_age"
    group: ClassVar[Group] = "account"
    erasure: ClassVar[ErasedAs] = "shape"
    title: ClassVar[object] = _("Kliento")
    line: ClassVar[object] = _(
        "Noted, as you said, that you are of age. What was locked off for minors can be chosen now"
    )
